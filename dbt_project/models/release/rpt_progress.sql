-- Progress by area, as published. Columns are opted in one by one: what is not named here does not leave the house.
select
    cast(cells.indicator as varchar) as indicator,
    cast(cells.area as varchar) as area,
    cast(coalesce(groups.name_en, areas.name_en) as varchar) as area_name_en,
    cast(cells.area_kind as varchar) as area_kind,
    cast(cells.method as varchar) as method,
    cast(cells.status as varchar) as status,
    cast(cells.colour as varchar) as colour,
    cast(cells.reason as varchar) as reason,
    cast(cells.model as varchar) as model,
    cast(cells.n_points as integer) as n_points,
    cast(cells.n_countries as integer) as n_countries,
    cast(cells.i0 as double) as i0,
    cast(cells.i0_year as integer) as i0_year,
    cast(cells.icr as double) as icr,
    cast(cells.icr_year as integer) as icr_year,
    cast(cells.it as double) as it,
    cast(cells.at_target_year as double) as at_target_year,
    cast(cells.target_value as double) as target_value,
    cast(cells.target_year as integer) as target_year,
    cast(cells.target_expression as varchar) as target_expression,
    cast(cells.target_verified as boolean) as target_verified,
    cast(cells.csi as double) as csi,
    cast(cells.ap as double) as ap,
    cast(cells.p as double) as p,
    cast(cells.base_estimated as boolean) as base_estimated,
    cast(cells.break_in_fit as boolean) as break_in_fit,
    cast(cells.clamped as boolean) as clamped,
    cast(cells.late as boolean) as late,
    cast(cells.worsening as boolean) as worsening,
    cast(cells.is_headline as boolean) as is_headline,
    cast(cells.method_version as varchar) as method_version,
    cast(cells.config_sha256 as varchar) as config_sha256,
    cast(release.illustrative as boolean) as illustrative
from {{ ref('fct_progress') }} as cells
left join {{ ref('dim_area') }} as areas on cells.area = areas.ref_area
left join {{ ref('country_groups') }} as groups on cells.area = groups.group_code and cells.area_kind = 'region'
cross join {{ source('lock', 'release') }} as release
