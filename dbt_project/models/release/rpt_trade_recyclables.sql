-- Trade in recyclables, as published.
-- Columns are opted in one by one: what is not named here does not leave the house.
select
    cast(cells.area_kind as varchar) as area_kind,
    cast(cells.area as varchar) as area,
    cast(coalesce(areas.name_en, groups.name_en) as varchar) as area_name_en,
    cast(cells.year as integer) as year,
    cast(cells.flow as varchar) as flow,
    cast(cells.unit_measure as varchar) as unit_measure,
    cast(cells.n_reporters as integer) as n_reporters,
    cast(cells.n_members as integer) as n_members,
    cast(cells.n_parts as integer) as n_parts,
    cast(case when cells.is_publishable then cells.obs_value end as double) as obs_value,
    cast(coalesce(cells.null_reason, case when not cells.is_publishable then 'GATE_BLOCKED' end) as varchar) as null_reason,
    cast(release.illustrative as boolean) as illustrative
from {{ ref('mart_trade_recyclables') }} as cells
left join {{ ref('dim_area') }} as areas on cells.area_kind <> 'region' and cells.area = areas.ref_area
left join {{ ref('country_groups') }} as groups on cells.area_kind = 'region' and cells.area = groups.group_code
cross join {{ source('lock', 'release') }} as release
