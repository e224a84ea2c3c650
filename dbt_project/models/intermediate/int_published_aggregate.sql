-- The rows which the sources themselves publish for regions, beside our own: the European Union, the world, and the M49
-- regions that hold a member State of ours (one row an indicator, breakdown, region and year). Nothing of ours is in
-- them: who stands behind such a value, only its publisher knows. A row that would reveal a suppressed member is
-- suppressed as in int_cell.
with regions as (
    select distinct regions.region_area as region
    from {{ ref('m49_region_members') }} as regions
    inner join {{ ref('countries') }} as countries on regions.ref_area = countries.ref_area
    where regions.region_area <> 'WORLD'
)

select
    cells.indicator,
    cells.breakdown,
    cells.ref_area as region,
    cells.time_period,
    cells.year,
    cells.unit_measure,
    cells.obs_value,
    cells.obs_status,
    cells.null_reason,
    registry.agg_rule = 'PUBLISHED' as is_headline
from {{ ref('int_cell') }} as cells
inner join {{ ref('int_registry') }} as registry on cells.indicator = registry.indicator
where cells.ref_area in ('EU27', 'WORLD')
union all
select
    published.indicator,
    published.breakdown,
    published.ref_area as region,
    published.time_period,
    published.year,
    registry.unit_measure,
    published.obs_value,
    published.obs_status,
    published.null_reason,
    registry.agg_rule = 'PUBLISHED' as is_headline
from {{ ref('int_indicator_value') }} as published
inner join {{ ref('int_registry') }} as registry on published.indicator = registry.indicator
inner join regions on published.ref_area = regions.region
where published.obs_value is not null and published.conf_status = 'F'
    and published.year between {{ parameter('first_year') }} and {{ reference_year() }}
