-- What M1 knows of every area before it judges: I0, Icr, It of the member States, of the EU row where it has points and
-- of the regions (medians of their countries), with the target. One row a variant, series and area; a region that may
-- have no colour says why (`too_few`).
{% set key = 'variant, indicator, breakdown, area_kind, area' %}
with medians as (
    select medians.*, 'region' as area_kind, region as area, 'median of countries' as model
    from {{ ref('int_m1_region') }} as medians
)

select
    {{ key }},
    variants.method_from,
    series.direction,
    series.lower_limit,
    series.upper_limit,
    series.is_binary,
    series.is_growth_rate,
    targets.has_target,
    targets.kind,
    targets.target_expression,
    targets.target_verified,
    targets.target_value,
    targets.target_year,
    targets.benchmark_value,
    targets.is_past,
    -- A region is judged by the median of its countries in M1; targets.at_target_value is the value of its own rule.
    case when area_kind = 'region' then medians.at_target_value else targets.at_target_value end as at_target_value,
    case when area_kind = 'region' then coalesce(medians.late_data, false) else targets.late_data end as late_data,
    case when area_kind <> 'region' then coalesce(base.n_points, 0) end as n_points,
    case when area_kind = 'region' then coalesce(medians.n_countries, 0) end as n_countries,
    coalesce(predictions.model, medians.model) as model,
    coalesce(predictions.i0, base.base_value, medians.i0) as i0,
    case
        when predictions.i0 is null and base.base_year is not null then base.base_year
        else cast({{ variant_parameter('base_year', 'variants.method_from') }} as integer) + variants.base_shift
    end as i0_year,
    coalesce(base.latest_value, medians.icr) as icr,
    coalesce(base.latest_year, medians.icr_year) as icr_year,
    coalesce(predictions.it, medians.it) as it,
    coalesce(predictions.projection, medians.projection) as projection,
    coalesce(predictions.base_estimated, base.base_shifted, medians.base_estimated, false) as base_estimated,
    coalesce(predictions.break_in_fit, false) as break_in_fit,
    coalesce(predictions.clamped, medians.clamped, false) as clamped,
    coalesce(predictions.trend_sign, sign(coalesce(medians.it, medians.projection) - medians.icr)) as trend_sign,
    case
        -- What a provider for Europe covers does not speak for the 56: its reporting area has a row of its own.
        when medians.i0 is not null and series.scope = 'E' and area = 'UNECE' then 'COVERAGE'
        when medians.n_countries < {{ variant_parameter('min_countries', 'variants.method_from') }} then 'INSUFFICIENT'
    end as too_few
from {{ ref('int_progress_target') }} as targets
inner join {{ ref('int_variant') }} as variants using (variant)
inner join {{ ref('int_progress_series') }} as series using (indicator, breakdown)
left join {{ ref('int_progress_base') }} as base using ({{ key }})
left join {{ ref('int_m1_prediction') }} as predictions using ({{ key }})
left join medians using ({{ key }})
