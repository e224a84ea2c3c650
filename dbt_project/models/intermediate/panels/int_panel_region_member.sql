-- The members of each region, an indicator at a time, of this release and of the preceding one: which of them a variant
-- takes, it says itself (membership_from). The reporting area of a provider that covers Europe only is, in either
-- release, the member States it had a value of.
select 'current' as membership_from, indicator, region, ref_area
from {{ ref('int_region_member') }}
union all
select 'previous' as membership_from, registry.indicator, groups.region, groups.ref_area
from {{ source('predecessor', 'rpt_region') }} as groups
cross join {{ ref('int_registry') }} as registry
union all
select distinct 'previous' as membership_from, registry.indicator, 'PROVIDER_AREA' as region, cells.ref_area
from {{ source('predecessor', 'rpt_observation') }} as cells
inner join {{ ref('int_registry') }} as registry on cells.indicator = registry.indicator
where registry.scope = 'E' and cells.area_kind = 'country' and cells.obs_value is not null
