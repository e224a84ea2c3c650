-- Small enterprises, as published.
-- Columns are opted in one by one: what is not named here does not leave the house.
select
    cast(cells.ref_area as varchar) as ref_area,
    cast(areas.name_en as varchar) as ref_area_name_en,
    cast(cells.theme as varchar) as theme,
    cast(cells.indicator as varchar) as indicator,
    cast(cells.size_class as varchar) as size_class,
    cast(cells.title_en as varchar) as title_en,
    cast(cells.unit_measure as varchar) as unit_measure,
    cast(cells.latest_year as integer) as latest_year,
    cast(cells.latest_value as double) as latest_value,
    cast(cells.obs_status as varchar) as obs_status,
    cast(cells.null_reason as varchar) as null_reason,
    cast(cells.slot_reason as varchar) as slot_reason,
    cast(release.illustrative as boolean) as illustrative
from {{ ref('mart_msme') }} as cells
left join {{ ref('dim_area') }} as areas on cells.ref_area = areas.ref_area
cross join {{ source('lock', 'release') }} as release
