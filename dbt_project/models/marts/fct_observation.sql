-- One row an indicator, breakdown, area and year: every member State on the indicator's whole grid of years, with its value or the one
-- reason why there is none, and the comparators EU27 and WORLD as their publishers state them.
select
    indicator,
    breakdown,
    ref_area,
    time_period,
    year,
    area_kind,
    freq,
    unit_measure,
    obs_value,
    numerator,
    denominator,
    obs_status,
    obs_status_raw,
    conf_status,
    nature,
    is_zero_ambiguous,
    null_reason,
    is_off_grid,
    source,
    vintage,
    snapshot_sha256,
    comment_obs
from {{ ref('int_cell') }}
