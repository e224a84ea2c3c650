-- Reporting areas, as published. Columns are opted in one by one: what is not named here does not leave the house.
select
    cast(members.indicator as varchar) as indicator,
    cast(members.region as varchar) as region,
    cast(members.ref_area as varchar) as ref_area,
    cast(countries.name_en as varchar) as name_en,
    cast(release.illustrative as boolean) as illustrative
from {{ ref('int_region_member') }} as members
inner join {{ ref('countries') }} as countries on members.ref_area = countries.ref_area
cross join {{ source('lock', 'release') }} as release
where members.region = 'PROVIDER_AREA'
