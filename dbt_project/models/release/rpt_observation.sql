-- Observations, as published. Columns are opted in one by one: what is not named here does not leave the house.
select
    cast(cells.freq as varchar) as freq,
    cast(cells.ref_area as varchar) as ref_area,
    cast(areas.m49 as varchar) as m49,
    cast(cells.area_kind as varchar) as area_kind,
    cast(cells.indicator as varchar) as indicator,
    cast(cells.breakdown as varchar) as breakdown,
    cast(cells.unit_measure as varchar) as unit_measure,
    cast(cells.time_period as varchar) as time_period,
    cast(cells.obs_value as double) as obs_value,
    cast(cells.numerator as double) as numerator,
    cast(cells.denominator as double) as denominator,
    cast(cells.is_zero_ambiguous as boolean) as is_zero_ambiguous,
    cast(0 as integer) as unit_mult,
    cast(cells.obs_status as varchar) as obs_status,
    cast(cells.obs_status_raw as varchar) as obs_status_raw,
    cast(cells.conf_status as varchar) as conf_status,
    cast(cells.nature as varchar) as nature,
    cast(cells.null_reason as varchar) as null_reason,
    cast(cells.source as varchar) as source,
    cast(cells.vintage as varchar) as vintage,
    cast(cells.snapshot_sha256 as varchar) as snapshot_sha256,
    cast(cells.comment_obs as varchar) as comment_obs,
    cast(release.illustrative as boolean) as illustrative
from {{ ref('fct_observation') }} as cells
left join {{ ref('dim_area') }} as areas on cells.ref_area = areas.ref_area
cross join {{ source('lock', 'release') }} as release
