-- What the ratio methods M2, M3 and M4 start from (methodology 3.4), one row a variant, area and window: the status
-- that is settled before any of them forms a ratio (`opening_status`: the rules 1 to 8, a window that is not there), and
-- for the rest the two ends of the window and the target as magnitudes, with the growth rates
--   CAGR = (y_t / y_t0)^(1 / (t - t0)) - 1 and required = (TV / y_t0)^(1 / (T - t0)) - 1.
-- A ratio of two negative numbers rises when the value falls: their magnitudes are taken, in direction -D. A target of
-- the other sign, and one that the base equals, give no rate: UNABLE. Champion targets count for M1 only.
{% set columns = 'variant, indicator, breakdown, area_kind, area, time_window, start_year, start_value, end_year, end_value,
        n_points, n_countries, base_shifted, null_reason, has_negative, has_positive' %}
with every_window as (
    select {{ columns }} from {{ ref('int_progress_window') }}
    union all
    select {{ columns }} from {{ ref('int_progress_window_removal') }}
),

windows as (
    select
        windows.variant,
        windows.indicator,
        windows.breakdown,
        windows.area_kind,
        windows.area,
        windows.time_window,
        windows.start_year,
        windows.start_value,
        windows.end_year,
        windows.end_value,
        windows.n_points,
        windows.n_countries,
        windows.base_shifted,
        windows.null_reason,
        windows.has_negative,
        windows.has_positive,
        windows.has_negative and windows.has_positive as mixed_signs,
        case
            when windows.area_kind <> 'region' then null
            when windows.null_reason is not null then windows.null_reason
            -- A colour from a handful of countries is none (gate G15).
            when windows.n_countries < {{ variant_parameter('min_countries', 'variants.method_from') }} then 'INSUFFICIENT'
        end as too_few,
        series.direction,
        series.lower_limit,
        series.upper_limit,
        series.is_binary,
        series.is_growth_rate,
        case when targets.has_target and targets.kind <> 'champion' then targets.target_value end as target_value,
        targets.target_year,
        targets.target_expression,
        targets.target_verified,
        targets.is_past,
        targets.at_target_value,
        targets.late_data
    from every_window as windows
    inner join {{ ref('int_run') }} as variants on windows.variant = variants.variant
    inner join {{ ref('int_progress_series') }} as series
        on windows.indicator = series.indicator and windows.breakdown = series.breakdown
    left join {{ ref('int_progress_target') }} as targets
        on variants.targets_variant = targets.variant
        and windows.indicator = targets.indicator
        and windows.breakdown = targets.breakdown
        and windows.area_kind = targets.area_kind
        and windows.area = targets.area
),

limited as (
    select
        *,
        {{ at_limit('start_value', 'end_value') }} as at_limit,
        {{ met('end_value') }} as is_met,
        {{ met('at_target_value') }} as is_met_at_target
    from windows
),

settled as (
    select
        *,
        -- A region whose value may not be published has no latest value either; it has its own reason all the same.
        case when too_few is not null and direction <> 0 then too_few else {{ first_rules(is_ratio=true) }} end as first_status,
        abs(start_value) as start_size,
        abs(end_value) as end_size,
        abs(target_value) as target_size,
        target_value = start_value or (has_negative and target_value > 0) or (has_positive and target_value < 0) as leads_nowhere
    from limited
)

select
    variant,
    indicator,
    breakdown,
    area_kind,
    area,
    time_window,
    coalesce(first_status, null_reason, case when leads_nowhere then 'UNABLE' end) as opening_status,
    direction,
    case when has_negative then -direction else direction end as size_direction,
    lower_limit,
    upper_limit,
    start_year,
    start_value,
    start_size,
    end_year,
    end_value,
    end_size,
    target_value,
    case when target_value is not null then target_year end as target_year,
    target_size,
    case when target_value is not null then target_expression end as target_expression,
    case when target_value is not null then target_verified end as target_verified,
    case when target_value is not null and is_past then at_target_value end as at_target_value,
    coalesce(direction * (start_value - target_value) > 0, false) as base_met,
    {{ cagr('start_size', 'end_size', 'end_year - start_year') }} as cagr,
    {{ cagr('start_size', 'target_size', 'target_year - start_year') }} as required_cagr,
    n_points,
    n_countries,
    base_shifted,
    coalesce(direction * (end_value - start_value) < 0, false) as worsening,
    coalesce(first_status = 'achieved' and is_met and end_year > target_year, false) as late,
    coalesce(first_status in ('MET', 'MISSED') and late_data, false) as late_data,
    coalesce(first_status = 'achieved' and not coalesce(is_met, false), false) as is_at_limit
from settled
