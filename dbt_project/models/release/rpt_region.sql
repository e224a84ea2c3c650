-- Regions, as published. Columns are opted in one by one: what is not named here does not leave the house.
select
    cast(cells.group_code as varchar) as region,
    cast(cells.group_name_en as varchar) as region_name_en,
    cast(cells.group_name_fr as varchar) as region_name_fr,
    cast(cells.group_name_ru as varchar) as region_name_ru,
    cast(cells.ref_area as varchar) as ref_area,
    cast(cells.valid_from as varchar) as valid_from,
    cast(cells.verified as boolean) as verified,
    cast(cells.source as varchar) as membership_source,
    cast(release.illustrative as boolean) as illustrative
from {{ ref('dim_country_group') }} as cells
cross join {{ source('lock', 'release') }} as release
where cells.is_published and cells.is_current
