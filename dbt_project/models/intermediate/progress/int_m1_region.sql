-- The region of M1: medians over its countries of I0, Icr and It, all three over the same countries, those with a
-- prediction. A past target is judged by the median of the same countries' values at the target year. The members of
-- the regions are this release's or the preceding one's, as the variant says.
with predictions as (
    select
        members.region,
        predictions.*,
        past.at_target_value,
        past.late_data
    from {{ ref('int_variant') }} as variants
    inner join {{ ref('int_panel_region_member') }} as members on variants.membership_from = members.membership_from
    inner join {{ ref('int_m1_prediction') }} as predictions
        on variants.variant = predictions.variant
        and members.indicator = predictions.indicator and members.ref_area = predictions.area
    left join {{ ref('int_past_target_value') }} as past
        on predictions.variant = past.variant and predictions.indicator = past.indicator
        and predictions.breakdown = past.breakdown
        and predictions.area_kind = past.area_kind and predictions.area = past.area
    -- A fit across a break is no headline: it does not speak for the region either.
    where predictions.area_kind = 'country' and not predictions.break_in_fit
)

select
    variant,
    indicator,
    breakdown,
    region,
    cast(count(*) as integer) as n_countries,
    {{ median('i0') }} as i0,
    {{ median('icr') }} as icr,
    {{ median('it') }} as it,
    {{ median('projection') }} as projection,
    {{ median('at_target_value') }} as at_target_value,
    max(icr_year) as icr_year,
    bool_or(base_estimated) as base_estimated,
    bool_or(clamped) as clamped,
    -- The region's value is late only if no country had one at or after the target year.
    coalesce(bool_and(late_data), false) as late_data
from predictions
group by variant, indicator, breakdown, region
