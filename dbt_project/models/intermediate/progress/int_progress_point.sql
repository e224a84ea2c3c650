-- The points each run of the assessment may use: those of its pool (int_point_pool), from the first year of the method
-- to the reference year. Estimates and the last year stay out where the variant says so. What a point and what an old
-- year is, the pool says.
--
-- The last year of a series is that of its countries; a series which only the EU row has ends with it.
with last_years as (
    select
        points_from,
        indicator,
        breakdown,
        coalesce(max(year) filter (where area_kind = 'country'), max(year)) as last_year
    from {{ ref('int_point_pool') }}
    where year <= {{ reference_year() }}
    group by points_from, indicator, breakdown
)

select
    variants.variant,
    points.indicator,
    points.breakdown,
    points.area_kind,
    points.ref_area as area,
    points.year,
    points.obs_value,
    points.is_break
from {{ ref('int_point_pool') }} as points
inner join {{ ref('int_variant') }} as variants on points.points_from = variants.points_from
inner join last_years
    on points.points_from = last_years.points_from
    and points.indicator = last_years.indicator
    and points.breakdown = last_years.breakdown
where points.year between {{ variant_parameter('first_year') }} + variants.window_shift and {{ reference_year() }}
    and not (variants.drops_last_year and points.year = last_years.last_year)
    and not (variants.excludes_estimated and points.is_estimated)
-- Sums of floating-point numbers depend on their order (int_aggregate_contribution).
order by variants.variant, points.indicator, points.breakdown, area, points.year
