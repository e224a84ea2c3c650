-- Robustness of the colours, as published. Columns are opted in one by one: what is not named here does not leave the house.
select
    cast(cells.indicator as varchar) as indicator,
    cast(cells.breakdown as varchar) as breakdown,
    cast(cells.area as varchar) as area,
    cast(coalesce(groups.name_en, areas.name_en) as varchar) as area_name_en,
    cast(cells.area_kind as varchar) as area_kind,
    cast(cells.method as varchar) as method,
    cast(cells.time_window as varchar) as time_window,
    cast(cells.status as varchar) as status,
    cast(cells.colour as varchar) as colour,
    cast(cells.robustness as varchar) as robustness,
    cast(cells.n_changes as integer) as n_changes,
    cast(cells.n_flips as integer) as n_flips,
    cast(cells.n_lost as integer) as n_lost,
    cast(cells.first_flipping_change as varchar) as first_flipping_change,
    cast(cells.distance as double) as distance,
    cast(cells.distance_measure as varchar) as distance_measure,
    cast(cells.n_removed as integer) as n_removed,
    cast(release.illustrative as boolean) as illustrative
from {{ ref('fct_robustness') }} as cells
left join {{ ref('dim_area') }} as areas on cells.area = areas.ref_area
left join {{ ref('country_groups') }} as groups on cells.area = groups.group_code and cells.area_kind = 'region'
cross join {{ source('lock', 'release') }} as release
