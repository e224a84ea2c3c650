-- Targets, as published. Columns are opted in one by one: what is not named here does not leave the house.
select
    cast(cells.indicator as varchar) as indicator,
    cast(cells.breakdown as varchar) as breakdown,
    cast(cells.area as varchar) as area,
    cast(cells.area_kind as varchar) as area_kind,
    cast(cells.target_expression as varchar) as target_expression,
    cast(cells.scope as varchar) as scope,
    cast(cells.target_year as integer) as target_year,
    cast(cells.target_value as double) as target_value,
    cast(cells.champion_rate as double) as champion_rate,
    cast(cells.frozen_vintage as varchar) as frozen_vintage,
    cast(cells.target_value_current as double) as target_value_current,
    cast(cells.target_verified as boolean) as target_verified,
    cast(release.illustrative as boolean) as illustrative
from {{ ref('fct_target') }} as cells
cross join {{ source('lock', 'release') }} as release
