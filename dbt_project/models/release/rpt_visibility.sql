-- Visibility of countries and groups in the data, as published.
-- Columns are opted in one by one: what is not named here does not leave the house.
select
    cast(cells.area_kind as varchar) as area_kind,
    cast(cells.area as varchar) as area,
    cast(coalesce(areas.name_en, groups.name_en) as varchar) as area_name_en,
    cast(cells.scope as varchar) as scope,
    cast(cells.n_countries as integer) as n_countries,
    cast(cells.n_others as integer) as n_others,
    cast(cells.n_indicators as integer) as n_indicators,
    cast(cells.availability_index as double) as availability_index,
    cast(cells.others_index as double) as others_index,
    cast(cells.visibility_gap as double) as visibility_gap,
    cast(cells.n_cells as integer) as n_cells,
    cast(cells.n_without_value as integer) as n_without_value,
    cast(cells.n_not_collected as integer) as n_not_collected,
    cast(cells.n_not_reported as integer) as n_not_reported,
    cast(cells.n_confidential as integer) as n_confidential,
    cast(cells.n_cannot_exist as integer) as n_cannot_exist,
    cast(cells.n_gate_blocked as integer) as n_gate_blocked,
    cast(cells.n_other_reason as integer) as n_other_reason,
    cast(release.illustrative as boolean) as illustrative
from {{ ref('mart_visibility') }} as cells
left join {{ ref('dim_area') }} as areas on cells.area_kind <> 'region' and cells.area = areas.ref_area
left join {{ ref('country_groups') }} as groups on cells.area_kind = 'region' and cells.area = groups.group_code
cross join {{ source('lock', 'release') }} as release
