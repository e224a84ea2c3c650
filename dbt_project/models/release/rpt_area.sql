-- Areas, as published. Columns are opted in one by one: what is not named here does not leave the house.
select
    cast(cells.ref_area as varchar) as ref_area,
    cast(cells.area_kind as varchar) as area_kind,
    cast(cells.name_en as varchar) as name_en,
    cast(coalesce(countries.name_fr, regions.name_fr) as varchar) as name_fr,
    cast(coalesce(countries.name_ru, regions.name_ru) as varchar) as name_ru,
    cast(cells.m49 as varchar) as m49,
    cast(countries.iso2 as varchar) as iso2,
    cast(cells.is_member as boolean) as is_member,
    cast(countries.unece_subgroup as varchar) as unece_subgroup,
    cast(release.illustrative as boolean) as illustrative
from {{ ref('dim_area') }} as cells
left join {{ ref('dim_country') }} as countries on cells.ref_area = countries.ref_area
left join {{ ref('region_names') }} as regions on cells.ref_area = regions.ref_area
cross join {{ source('lock', 'release') }} as release
where cells.is_member
    or cells.ref_area in (select ref_area from {{ ref('fct_observation') }})
    -- What a provider publishes of a region of its own.
    or cells.ref_area in (select region from {{ ref('fct_aggregate') }} where agg_rule = 'PUBLISHED')
