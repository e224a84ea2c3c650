-- Withheld values, as published: those which G1 found too far from the preceding release or from their own numerator over
-- denominator, and those whose source value was withheld before. Columns are opted in one by one: what is not named here
-- does not leave the house.
with withheld as (
    select
        cells.*,
        published.source,
        case cells.bound
            when 'ANCHOR_RATIO' then 'Too far from its own numerator over denominator.'
            else 'Too far from the value of the preceding release.'
        end as reason
    from {{ ref('int_magnitude') }} as cells
    inner join {{ ref('int_indicator_value') }} as published
        on cells.indicator = published.indicator and cells.breakdown = published.breakdown
        and cells.ref_area = published.ref_area and cells.time_period = published.time_period
    union all
    select
        indicator,
        breakdown,
        ref_area,
        time_period,
        obs_value,
        cast(null as double) as previous_value,
        cast(null as double) as anchor_value,
        cast(null as double) as release_ratio,
        cast(null as double) as anchor_ratio,
        bound,
        cast(null as double) as bound_value,
        source,
        reason
    from {{ ref('int_withheld_source') }}
)

select
    cast(cells.indicator as varchar) as indicator,
    cast(cells.breakdown as varchar) as breakdown,
    cast(cells.ref_area as varchar) as ref_area,
    cast(cells.time_period as varchar) as time_period,
    cast(cells.obs_value as double) as obs_value,
    cast(cells.previous_value as double) as previous_value,
    cast(cells.anchor_value as double) as anchor_value,
    cast(cells.release_ratio as double) as release_ratio,
    cast(cells.anchor_ratio as double) as anchor_ratio,
    cast(cells.bound as varchar) as bound,
    cast(cells.bound_value as double) as bound_value,
    cast(cells.source as varchar) as source,
    cast(cells.reason as varchar) as reason,
    cast(release.illustrative as boolean) as illustrative
from withheld as cells
inner join {{ ref('fct_observation') }} as printed
    on printed.null_reason = 'GATE_BLOCKED'
    and cells.indicator = printed.indicator and cells.breakdown = printed.breakdown
    and cells.ref_area = printed.ref_area and cells.time_period = printed.time_period
cross join {{ source('lock', 'release') }} as release
