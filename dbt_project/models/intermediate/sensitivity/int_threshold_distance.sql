-- How far each result lies from the nearest threshold of its method, on the scale the thresholds are put to (measure of
-- mart_progress_components; of M4 always the score). One row an indicator, breakdown, kind of area, area, method and
-- window, for results that a threshold decides.
with thresholds as (
    select list.method, list.measure, cast(config.value as double) as threshold
    from (values
        ('M1', 'P', 'maintain_limit'), ('M1', 'P', 'reverse_limit'),
        ('M2', 'R', 'm2_significant_ratio'), ('M2', 'R', 'm2_moderate_ratio'), ('M2', 'R', 'm2_insufficient_ratio'),
        ('M2', 'RATE', 'm2_significant_rate'), ('M2', 'RATE', 'm2_moderate_rate'), ('M2', 'RATE', 'm2_away_rate'),
        ('M3', 'SHARE', 'm3_strong_ratio'), ('M3', 'SHARE', 'm3_moderate_ratio'),
        ('M3', 'RATE', 'm3_strong_rate'), ('M3', 'RATE', 'm3_moderate_rate'),
        ('M4', 'SCORE', 'm4_score_on_track'), ('M4', 'SCORE', 'm4_score_acceleration'), ('M4', 'SCORE', 'm4_score_limited')
    ) as list (method, measure, parameter)
    inner join {{ ref('method_config') }} as config on list.parameter = config.parameter
),

measured as (
    select
        indicator,
        breakdown,
        area_kind,
        area,
        method,
        time_window,
        case when method = 'M4' then 'SCORE' else measure end as measure,
        case when method = 'M4' then score else measure_value end as measure_value
    from {{ ref('mart_progress_components') }}
    where measure is not null
)

select
    measured.indicator,
    measured.breakdown,
    measured.area_kind,
    measured.area,
    measured.method,
    measured.time_window,
    measured.measure as distance_measure,
    {{ held('min(abs(measured.measure_value - thresholds.threshold))') }} as distance
from measured
inner join thresholds on measured.method = thresholds.method and measured.measure = thresholds.measure
group by
    measured.indicator, measured.breakdown, measured.area_kind, measured.area, measured.method, measured.time_window,
    measured.measure
