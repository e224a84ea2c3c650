-- Waste flows, as published.
-- Columns are opted in one by one: what is not named here does not leave the house.
select
    cast(cells.ref_area as varchar) as ref_area,
    cast(areas.name_en as varchar) as ref_area_name_en,
    cast(cells.stream as varchar) as stream,
    cast(cells.operation as varchar) as operation,
    cast(cells.indicator as varchar) as indicator,
    cast(cells.year as integer) as year,
    cast(cells.unit_measure as varchar) as unit_measure,
    cast(cells.amount_tonnes as double) as amount_tonnes,
    cast(cells.share_pct as double) as share_pct,
    cast(cells.obs_status as varchar) as obs_status,
    cast(cells.is_zero_ambiguous as boolean) as is_zero_ambiguous,
    cast(cells.null_reason as varchar) as null_reason,
    cast(cells.source as varchar) as source,
    cast(cells.vintage as varchar) as vintage,
    cast(release.illustrative as boolean) as illustrative
from {{ ref('mart_waste_flows') }} as cells
left join {{ ref('dim_area') }} as areas on cells.ref_area = areas.ref_area
cross join {{ source('lock', 'release') }} as release
