-- The regions each indicator's tables show: the published groups and, for an indicator whose provider covers Europe
-- only, that provider's reporting area, labelled as such.
with sizes as (
    select indicator, region, count(*) as n_members
    from {{ ref('int_region_member') }}
    group by indicator, region
)

select
    sizes.indicator,
    sizes.region,
    coalesce(groups.name_en, 'Reporting area of Eurostat') as region_name_en,
    coalesce(groups.sort_order, 99) as region_order,
    cast(sizes.n_members as integer) as n_members
from sizes
left join {{ ref('country_groups') }} as groups on sizes.region = groups.group_code
