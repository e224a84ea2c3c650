-- Decoupling of material use and growth, as published.
-- Columns are opted in one by one: what is not named here does not leave the house.
select
    cast(cells.perspective as varchar) as perspective,
    cast(cells.area_kind as varchar) as area_kind,
    cast(cells.area as varchar) as area,
    cast(coalesce(areas.name_en, groups.name_en) as varchar) as area_name_en,
    cast(cells.span_years as integer) as span_years,
    cast(cells.member_of as varchar) as member_of,
    cast(cells.gdp_source as varchar) as gdp_source,
    cast(cells.start_first_year as integer) as start_first_year,
    cast(cells.start_last_year as integer) as start_last_year,
    cast(cells.end_first_year as integer) as end_first_year,
    cast(cells.end_last_year as integer) as end_last_year,
    cast(cells.n_countries as integer) as n_countries,
    cast(cells.n_members as integer) as n_members,
    cast(cells.coverage_pop as double) as coverage_pop,
    cast(cells.pressure_change as double) as pressure_change,
    cast(cells.gdp_change as double) as gdp_change,
    cast(cells.elasticity as double) as elasticity,
    cast(cells.decoupling_class as varchar) as decoupling_class,
    cast(cells.decoupling_class_strict as varchar) as decoupling_class_strict,
    cast(cells.class_base_earlier as varchar) as class_base_earlier,
    cast(cells.class_base_later as varchar) as class_base_later,
    cast(cells.n_flips as integer) as n_flips,
    cast(cells.other_perspective_class as varchar) as other_perspective_class,
    cast(cells.n_strong_decoupling as integer) as n_strong_decoupling,
    cast(cells.n_weak_decoupling as integer) as n_weak_decoupling,
    cast(cells.n_expansive_coupling as integer) as n_expansive_coupling,
    cast(cells.n_expansive_negative_decoupling as integer) as n_expansive_negative_decoupling,
    cast(cells.n_recessive_decoupling as integer) as n_recessive_decoupling,
    cast(cells.n_recessive_coupling as integer) as n_recessive_coupling,
    cast(cells.n_weak_negative_decoupling as integer) as n_weak_negative_decoupling,
    cast(cells.n_strong_negative_decoupling as integer) as n_strong_negative_decoupling,
    cast(cells.n_not_classifiable as integer) as n_not_classifiable,
    cast(cells.n_without_data as integer) as n_without_data,
    cast(cells.null_reason as varchar) as null_reason,
    cast(release.illustrative as boolean) as illustrative
from {{ ref('mart_decoupling') }} as cells
left join {{ ref('dim_area') }} as areas on cells.area_kind <> 'region' and cells.area = areas.ref_area
left join {{ ref('country_groups') }} as groups on cells.area_kind = 'region' and cells.area = groups.group_code
cross join {{ source('lock', 'release') }} as release
