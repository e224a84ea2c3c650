-- The values which regional windows are made of: those points of a pool (int_point_pool) that are a member State's, with
-- estimates or without. One row a pool, choice of estimates, indicator, breakdown, member State and year. A biennial
-- series has its even years only: regions keep to the grid. What a point and what an old year is, the pool says.
with wanted as (
    select distinct points_from, excludes_estimated from {{ ref('int_variant') }}
)

select
    points.points_from,
    wanted.excludes_estimated,
    points.indicator,
    points.breakdown,
    points.ref_area,
    points.year,
    points.obs_value,
    points.numerator,
    points.denominator,
    points.is_break
from {{ ref('int_point_pool') }} as points
inner join wanted on points.points_from = wanted.points_from
inner join {{ ref('int_registry') }} as registry on points.indicator = registry.indicator
where points.area_kind = 'country'
    and (registry.frequency <> 'B' or points.year % 2 = 0)
    and not (wanted.excludes_estimated and points.is_estimated)
