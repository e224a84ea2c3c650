-- Agreement of the methods, as published. Columns are opted in one by one: what is not named here does not leave the house.
select
    cast(cells.indicator as varchar) as indicator,
    cast(cells.breakdown as varchar) as breakdown,
    cast(cells.area as varchar) as area,
    cast(coalesce(groups.name_en, areas.name_en) as varchar) as area_name_en,
    cast(cells.area_kind as varchar) as area_kind,
    cast(cells.m1_status as varchar) as m1_status,
    cast(cells.m1_colour as varchar) as m1_colour,
    cast(cells.m2_status as varchar) as m2_status,
    cast(cells.m2_colour as varchar) as m2_colour,
    cast(cells.m3_status as varchar) as m3_status,
    cast(cells.m3_colour as varchar) as m3_colour,
    cast(cells.m4_status as varchar) as m4_status,
    cast(cells.m4_colour as varchar) as m4_colour,
    cast(cells.n_methods as integer) as n_methods,
    cast(cells.n_green as integer) as n_green,
    cast(cells.n_yellow as integer) as n_yellow,
    cast(cells.n_red as integer) as n_red,
    cast(cells.modal_colour as varchar) as modal_colour,
    cast(cells.agreement as double) as agreement,
    cast(cells.is_contradiction as boolean) as is_contradiction,
    cast(release.illustrative as boolean) as illustrative
from {{ ref('fct_agreement') }} as cells
left join {{ ref('dim_area') }} as areas on cells.area = areas.ref_area
left join {{ ref('country_groups') }} as groups on cells.area = groups.group_code and cells.area_kind = 'region'
cross join {{ source('lock', 'release') }} as release
