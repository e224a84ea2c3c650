-- Gate G1, cell by cell: a value too far from the preceding release, or from its own numerator over denominator, is
-- withheld. Where the numerator is an indicator itself, a rate and a total that disagree are both withheld: nobody
-- can tell from here which of them is wrong. A value that was zero, or is, has no ratio. One row a withheld cell.
-- A correction has the release it corrects before it: what that one withheld is compared as it was there, with the last
-- published value. Otherwise a correction would publish what its own edition withheld.
with cells as (
    select
        indicator,
        breakdown,
        ref_area,
        time_period,
        obs_value,
        numerator,
        denominator,
        numerator / nullif(denominator, 0) as anchor_value
    from {{ ref('int_indicator_value') }}
    where obs_value <> 0
        and null_reason is null
        and year between {{ parameter('first_year') }} and {{ reference_year() }}
),

anchored as (
    select
        indicator,
        breakdown,
        ref_area,
        time_period,
        obs_value,
        anchor_value,
        abs(obs_value / nullif(anchor_value, 0)) as anchor_ratio
    from cells
    where denominator is not null
    union all
    -- The same identity seen from the total: total = rate * denominator.
    select
        totals.indicator,
        totals.breakdown,
        totals.ref_area,
        totals.time_period,
        totals.obs_value,
        rates.obs_value * rates.denominator as anchor_value,
        abs(totals.obs_value / nullif(rates.obs_value * rates.denominator, 0)) as anchor_ratio
    from cells as totals
    inner join {{ ref('int_registry') }} as registry on totals.indicator = registry.numerator_entry
    inner join cells as rates
        on registry.indicator = rates.indicator
        and totals.breakdown = rates.breakdown
        and totals.ref_area = rates.ref_area and totals.time_period = rates.time_period
    where rates.denominator is not null
),

withheld_before as (
    select
        indicator,
        breakdown,
        ref_area,
        time_period,
        previous_value
    from {{ source('predecessor', 'rpt_magnitude') }}
    where (select is_correction from {{ source('lock', 'release') }})
),

compared as (
    select
        cells.indicator,
        cells.breakdown,
        cells.ref_area,
        cells.time_period,
        cells.obs_value,
        coalesce(previous.obs_value, withheld_before.previous_value) as previous_value,
        anchored.anchor_value,
        abs(cells.obs_value / nullif(coalesce(previous.obs_value, withheld_before.previous_value), 0)) as release_ratio,
        anchored.anchor_ratio,
        {{ parameter('magnitude_release_ratio') }} as release_bound,
        {{ parameter('magnitude_anchor_ratio') }} as anchor_bound
    from cells
    left join anchored
        on cells.indicator = anchored.indicator
        and cells.breakdown = anchored.breakdown
        and cells.ref_area = anchored.ref_area and cells.time_period = anchored.time_period
    left join {{ source('predecessor', 'rpt_observation') }} as previous
        on cells.indicator = previous.indicator
        and cells.breakdown = previous.breakdown
        and cells.ref_area = previous.ref_area
        and cells.time_period = previous.time_period
    left join withheld_before
        on cells.indicator = withheld_before.indicator
        and cells.breakdown = withheld_before.breakdown
        and cells.ref_area = withheld_before.ref_area
        and cells.time_period = withheld_before.time_period
),

judged as (
    select
        *,
        release_ratio >= release_bound or release_ratio <= 1 / release_bound as is_off_release,
        anchor_ratio >= anchor_bound or anchor_ratio <= 1 / anchor_bound as is_off_anchor
    from compared
)

select
    indicator,
    breakdown,
    ref_area,
    time_period,
    obs_value,
    previous_value,
    anchor_value,
    release_ratio,
    anchor_ratio,
    case when is_off_anchor then 'ANCHOR_RATIO' else 'RELEASE_RATIO' end as bound,
    case when is_off_anchor then anchor_bound else release_bound end as bound_value
from judged
where is_off_anchor or is_off_release
