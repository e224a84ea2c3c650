-- Which countries a regional value is made of, an indicator at a time: the published groups as they stand at the end
-- of the reference year and, for an indicator whose provider covers Europe only, that provider's reporting area: the
-- member States it has a value of.
with reporting_area as (
    select distinct registry.indicator, cells.ref_area
    from {{ ref('int_registry') }} as registry
    inner join {{ ref('int_cell') }} as cells on registry.indicator = cells.indicator
    where registry.scope = 'E' and cells.area_kind = 'country' and cells.obs_value is not null
)

select registry.indicator, groups.group_code as region, groups.ref_area
from {{ ref('int_country_group') }} as groups
cross join {{ ref('int_registry') }} as registry
where groups.is_published and groups.is_current
union all
select indicator, 'PROVIDER_AREA' as region, ref_area
from reporting_area
