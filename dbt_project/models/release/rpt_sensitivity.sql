-- Sensitivity of the colours: changes that flip a colour or lose it, as published. Columns are opted in one by one: what is not named here does not leave the house.
select
    cast(cells.indicator as varchar) as indicator,
    cast(cells.breakdown as varchar) as breakdown,
    cast(cells.area as varchar) as area,
    cast(coalesce(groups.name_en, areas.name_en) as varchar) as area_name_en,
    cast(cells.area_kind as varchar) as area_kind,
    cast(cells.method as varchar) as method,
    cast(cells.time_window as varchar) as time_window,
    cast(cells.change as varchar) as change,
    cast(cells.change_order as integer) as change_order,
    cast(cells.status as varchar) as status,
    cast(cells.colour as varchar) as colour,
    cast(cells.changed_status as varchar) as changed_status,
    cast(cells.changed_colour as varchar) as changed_colour,
    cast(cells.flips as boolean) as flips,
    cast(cells.is_lost as boolean) as is_lost,
    cast(cells.is_first_flip as boolean) as is_first_flip,
    cast(release.illustrative as boolean) as illustrative
from {{ ref('fct_sensitivity') }} as cells
left join {{ ref('dim_area') }} as areas on cells.area = areas.ref_area
left join {{ ref('country_groups') }} as groups on cells.area = groups.group_code and cells.area_kind = 'region'
cross join {{ source('lock', 'release') }} as release
where cells.flips or cells.is_lost
