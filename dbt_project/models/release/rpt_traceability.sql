-- Traceability, as published.
-- Columns are opted in one by one: what is not named here does not leave the house.
select
    cast(cells.area_kind as varchar) as area_kind,
    cast(cells.area as varchar) as area,
    cast(coalesce(areas.name_en, groups.name_en) as varchar) as area_name_en,
    cast(cells.theme as varchar) as theme,
    cast(cells.indicator as varchar) as indicator,
    cast(cells.breakdown as varchar) as breakdown,
    cast(cells.title_en as varchar) as title_en,
    cast(cells.unit_measure as varchar) as unit_measure,
    cast(cells.n_countries as integer) as n_countries,
    cast(cells.latest_year as integer) as latest_year,
    cast(cells.latest_value as double) as latest_value,
    cast(cells.obs_status as varchar) as obs_status,
    cast(cells.null_reason as varchar) as null_reason,
    cast(release.illustrative as boolean) as illustrative
from {{ ref('mart_traceability') }} as cells
left join {{ ref('dim_area') }} as areas on cells.area_kind <> 'region' and cells.area = areas.ref_area
left join {{ ref('country_groups') }} as groups on cells.area_kind = 'region' and cells.area = groups.group_code
cross join {{ source('lock', 'release') }} as release
