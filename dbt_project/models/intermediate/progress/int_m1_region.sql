-- The region of M1: medians over its countries of I0, Icr and It, all three over the same countries, those with a
-- prediction. A past target is judged by the median of the countries' values at the target year.
with predictions as (
    select
        members.indicator,
        predictions.breakdown,
        members.region,
        predictions.i0,
        predictions.icr,
        predictions.it,
        predictions.icr_year,
        predictions.base_estimated,
        predictions.clamped
    from {{ ref('int_region_member') }} as members
    inner join {{ ref('int_m1_prediction') }} as predictions
        on members.indicator = predictions.indicator and members.ref_area = predictions.ref_area
    -- A fit across a break is no headline: it does not speak for the region either.
    where members.region_kind = 'group' and not predictions.break_in_fit
),

past as (
    select members.indicator, judged.breakdown, members.region, judged.at_target_year, judged.base_value, judged.latest_value, judged.latest_year
    from {{ ref('int_region_member') }} as members
    inner join {{ ref('int_past_target_value') }} as judged
        on members.indicator = judged.indicator and members.ref_area = judged.ref_area
    where members.region_kind = 'group' and judged.n_points >= {{ parameter('min_points') }}
),

past_regions as (
    select
        indicator,
        breakdown,
        region,
        count(*) as n_countries,
        {{ median('base_value') }} as i0,
        {{ median('latest_value') }} as icr,
        {{ median('at_target_year') }} as at_target_year,
        max(latest_year) as icr_year
    from past
    group by indicator, breakdown, region
)

select
    indicator,
    breakdown,
    region,
    cast(count(*) as integer) as n_countries,
    {{ median('i0') }} as i0,
    {{ median('icr') }} as icr,
    {{ median('it') }} as it,
    cast(null as double) as at_target_year,
    max(icr_year) as icr_year,
    max(cast(base_estimated as integer)) = 1 as base_estimated,
    max(cast(clamped as integer)) = 1 as clamped
from predictions
where indicator not in (select indicator from past_regions)
group by indicator, breakdown, region
union all
select
    indicator,
    breakdown,
    region,
    cast(n_countries as integer),
    i0,
    icr,
    cast(null as double) as it,
    at_target_year,
    icr_year,
    false as base_estimated,
    false as clamped
from past_regions
