-- Mirror gaps in trade, as published.
-- Columns are opted in one by one: what is not named here does not leave the house.
select
    cast(cells.area_kind as varchar) as area_kind,
    cast(cells.area as varchar) as area,
    cast(coalesce(areas.name_en, groups.name_en) as varchar) as area_name_en,
    cast(cells.year as integer) as year,
    cast(cells.mirror_gap as double) as mirror_gap,
    cast(cells.gap_as_exporter as double) as gap_as_exporter,
    cast(cells.gap_as_importer as double) as gap_as_importer,
    cast(cells.n_flows as integer) as n_flows,
    cast(cells.n_compared as integer) as n_compared,
    cast(cells.n_by_weight as integer) as n_by_weight,
    cast(cells.null_reason as varchar) as null_reason,
    cast(release.illustrative as boolean) as illustrative
from {{ ref('mart_trade_mirror') }} as cells
left join {{ ref('dim_area') }} as areas on cells.area_kind <> 'region' and cells.area = areas.ref_area
left join {{ ref('country_groups') }} as groups on cells.area_kind = 'region' and cells.area = groups.group_code
cross join {{ source('lock', 'release') }} as release
