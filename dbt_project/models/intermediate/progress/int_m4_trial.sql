-- The score of M4, Open SDG (methodology 3.4), one row a variant, area and trial. The score is piecewise linear in
-- R = 100 d CAGR / |required| with a target, in d CAGR without one, and clipped to -5 and 5. A base or target of zero is
-- replaced; a latest value of zero beside a replaced base is replaced too, since nothing changed. Trial 1 holds the
-- replacement as Open SDG states it; series that need one have it larger (2) and smaller (3) as well.
with thresholds as (
    {{ method_thresholds([
        'm4_ratio_worst', 'm4_ratio_acceleration', 'm4_ratio_best',
        'm4_rate_worst', 'm4_rate_limited', 'm4_rate_acceleration', 'm4_rate_on_track', 'm4_rate_best',
        'm4_score_worst', 'm4_score_limited', 'm4_score_acceleration', 'm4_score_on_track', 'm4_score_best',
        'm4_zero_replacement', 'm4_zero_factor']) }}
),

trials as (
    select variant, 1 as trial, m4_zero_replacement as replacement from thresholds
    union all
    select variant, 2 as trial, m4_zero_replacement * m4_zero_factor as replacement from thresholds
    union all
    select variant, 3 as trial, m4_zero_replacement / m4_zero_factor as replacement from thresholds
),

ends as (
    select
        growth.*,
        trials.trial,
        coalesce(growth.start_size = 0 or growth.target_size = 0, false) as zero_replaced,
        coalesce(nullif(growth.start_size, 0), trials.replacement) as first_size,
        case when growth.start_size = 0 and growth.end_size = 0 then trials.replacement else growth.end_size end as last_size,
        case when growth.target_size is not null then coalesce(nullif(growth.target_size, 0), trials.replacement) end as aim_size
    from {{ ref('int_progress_growth') }} as growth
    inner join trials on growth.variant = trials.variant
    where growth.time_window = 'base'
        and growth.opening_status is null
        and (trials.trial = 1 or growth.start_size = 0 or growth.target_size = 0)
),

rated as (
    select
        ends.*,
        {{ cagr('first_size', 'last_size', 'end_year - start_year') }} as trial_cagr,
        {{ cagr('first_size', 'aim_size', 'target_year - start_year') }} as trial_required
    from ends
),

compared as (
    select
        *,
        100 * size_direction * trial_cagr / nullif(abs(trial_required), 0) as ratio,
        size_direction * trial_cagr as desired_rate
    from rated
),

scored as (
    select
        compared.*,
        thresholds.m4_score_on_track,
        thresholds.m4_score_acceleration,
        thresholds.m4_score_limited,
        case
            when compared.base_met then thresholds.m4_score_worst
            when compared.start_value = {{ limit_ahead() }} and not compared.worsening then thresholds.m4_score_best
            when compared.aim_size is not null then {{ m4_target_score('compared.ratio') }}
            else {{ m4_rate_score('compared.desired_rate') }}
        end as score
    from compared
    inner join thresholds on compared.variant = thresholds.variant
)

select
    variant,
    indicator,
    breakdown,
    area_kind,
    area,
    time_window,
    trial,
    zero_replaced,
    trial_cagr as cagr,
    trial_required as required_cagr,
    case when not base_met then {{ held('ratio') }} end as ratio,
    score,
    {{ m4_band('score') }} as class
from scored
