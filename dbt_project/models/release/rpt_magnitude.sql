-- Withheld values, as published. Columns are opted in one by one: what is not named here does not leave the house.
select
    cast(cells.indicator as varchar) as indicator,
    cast(cells.breakdown as varchar) as breakdown,
    cast(cells.ref_area as varchar) as ref_area,
    cast(cells.time_period as varchar) as time_period,
    cast(cells.obs_value as double) as obs_value,
    cast(cells.previous_value as double) as previous_value,
    cast(cells.anchor_value as double) as anchor_value,
    cast(cells.release_ratio as double) as release_ratio,
    cast(cells.anchor_ratio as double) as anchor_ratio,
    cast(cells.bound as varchar) as bound,
    cast(cells.bound_value as double) as bound_value,
    cast(cells.source as varchar) as source,
    cast(cells.reason as varchar) as reason,
    cast(release.illustrative as boolean) as illustrative
from {{ ref('int_withheld') }} as cells
inner join {{ ref('fct_observation') }} as printed
    on printed.null_reason = 'GATE_BLOCKED'
    and cells.indicator = printed.indicator and cells.breakdown = printed.breakdown
    and cells.ref_area = printed.ref_area and cells.time_period = printed.time_period
cross join {{ source('lock', 'release') }} as release
