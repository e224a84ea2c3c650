-- Status changes since the preceding release, as published. Columns are opted in one by one: what is not named here does not leave the house.
select
    cast(cells.indicator as varchar) as indicator,
    cast(cells.breakdown as varchar) as breakdown,
    cast(cells.area as varchar) as area,
    cast(coalesce(groups.name_en, areas.name_en) as varchar) as area_name_en,
    cast(cells.area_kind as varchar) as area_kind,
    cast(cells.method as varchar) as method,
    cast(cells.time_window as varchar) as time_window,
    cast(cells.status_before as varchar) as status_before,
    cast(cells.colour_before as varchar) as colour_before,
    cast(cells.status as varchar) as status,
    cast(cells.colour as varchar) as colour,
    cast(cells.cause as varchar) as cause,
    cast(cells.reverse_cause as varchar) as reverse_cause,
    cast(cells.path_dependent as boolean) as path_dependent,
    cast(cells.mark as varchar) as mark,
    cast(release.illustrative as boolean) as illustrative
from {{ ref('fct_status_change') }} as cells
left join {{ ref('dim_area') }} as areas on cells.area = areas.ref_area
left join {{ ref('country_groups') }} as groups on cells.area = groups.group_code and cells.area_kind = 'region'
cross join {{ source('lock', 'release') }} as release
