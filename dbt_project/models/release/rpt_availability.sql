-- Availability, as published. Columns are opted in one by one: what is not named here does not leave the house.
select
    cast(cells.indicator as varchar) as indicator,
    cast(cells.breakdown as varchar) as breakdown,
    cast(cells.ref_area as varchar) as ref_area,
    cast(areas.name_en as varchar) as ref_area_name_en,
    cast(cells.scope as varchar) as scope,
    cast(cells.n_points as integer) as n_points,
    cast(cells.latest_year as integer) as latest_year,
    cast(cells.has_recent as integer) as has_recent,
    cast(cells.has_trend as integer) as has_trend,
    cast(cells.is_timely as integer) as is_timely,
    cast(cells.is_country_reported as integer) as is_country_reported,
    cast(cells.availability as double) as availability,
    cast(cells.null_reasons as varchar) as null_reasons,
    cast(cells.null_reason as varchar) as null_reason,
    cast(release.illustrative as boolean) as illustrative
from {{ ref('mart_availability') }} as cells
left join {{ ref('dim_area') }} as areas on cells.ref_area = areas.ref_area
cross join {{ source('lock', 'release') }} as release
