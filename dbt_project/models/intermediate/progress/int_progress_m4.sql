-- M4, Open SDG (methodology 3.4), one row a variant and area, from base to latest: the status is the band of the score,
-- so the two cannot differ; what has achieved has the best score. Near a natural limit in the desired direction Open SDG
-- shrinks its thresholds by a factor C which its method does not print: C is 1 and the result is marked C_UNKNOWN. A
-- series with a replaced zero (ZERO_REPLACED) whose class changes with the replacement (ZERO_UNSTABLE) is no headline.
-- An indicator of components without a total gets a row '_T' here (ROLLED_UP): the mean of its components' scores,
-- achieved only if every one is. M2 and M3 show the components and roll nothing up: their publishers do not.
with thresholds as (
    {{ method_thresholds([
        'm4_score_limited', 'm4_score_acceleration', 'm4_score_on_track', 'm4_score_best', 'm4_near_limit']) }}
),

trials as (
    select
        variant,
        indicator,
        breakdown,
        area_kind,
        area,
        max(case when trial = 1 then score end) as score,
        max(case when trial = 1 then class end) as class,
        max(case when trial = 1 then ratio end) as ratio,
        max(case when trial = 1 then cagr end) as cagr,
        max(case when trial = 1 then required_cagr end) as required_cagr,
        bool_or(zero_replaced) as zero_replaced,
        count(distinct coalesce(class, 'UNABLE')) > 1 as zero_unstable
    from {{ ref('int_m4_trial') }}
    group by variant, indicator, breakdown, area_kind, area
),

judged as (
    select
        growth.* replace (
            coalesce(trials.cagr, growth.cagr) as cagr,
            coalesce(trials.required_cagr, growth.required_cagr) as required_cagr),
        coalesce(growth.opening_status, trials.class, 'UNABLE') as status,
        trials.ratio,
        case when growth.opening_status = 'achieved' then thresholds.m4_score_best else trials.score end as score,
        trials.zero_replaced,
        coalesce(trials.zero_unstable, false) as zero_unstable,
        thresholds.m4_score_on_track,
        thresholds.m4_score_acceleration,
        thresholds.m4_score_limited,
        growth.opening_status is null and growth.target_value is null
            and {{ near_limit('growth.start_value', 'thresholds.m4_near_limit') }} as c_unknown
    from {{ ref('int_progress_growth') }} as growth
    inner join thresholds on growth.variant = thresholds.variant
    left join trials
        on growth.variant = trials.variant
        and growth.indicator = trials.indicator
        and growth.breakdown = trials.breakdown
        and growth.area_kind = trials.area_kind
        and growth.area = trials.area
    where growth.time_window = 'base'
),

series as (
    select
        {{ growth_columns('judged') }},
        judged.status,
        judged.ratio,
        judged.score,
        {{ m4_band('judged.score') }} as score_band,
        {{ growth_marks('judged', {
            'C_UNKNOWN': 'judged.c_unknown',
            'ZERO_REPLACED': 'judged.zero_replaced',
            'ZERO_UNSTABLE': 'judged.zero_unstable'}) }} as marks,
        not judged.zero_unstable as is_headline
    from judged
),

components as (
    select series.*, {{ progress_colour('series.status') }} <> 'grey' as is_assessed
    from series
    where series.indicator not in (select indicator from {{ ref('int_progress_series') }} where breakdown = '_T')
),

pooled as (
    select
        variant,
        indicator,
        area_kind,
        area,
        time_window,
        count(score) as n_scored,
        {{ held('avg(score)') }} as mean_score,
        max(case when status in ('MISSED', 'not_achieved') then status end) as failed,
        max(case when status = 'MET' then status end) as met_at_deadline,
        bool_and(status = 'achieved') as all_achieved,
        case when min(status) = max(status) then min(status) else 'INSUFFICIENT' end as reason,
        min(case when is_assessed then n_points end) as n_points,
        min(case when is_assessed then n_countries end) as n_countries,
        not bool_and(is_assessed) as has_gap,
        bool_or(base_shifted) as base_shifted,
        bool_or(late_data) as late_data,
        bool_or(late) as late,
        bool_or(worsening) as worsening,
        bool_and(is_headline) as is_headline
    from components
    group by variant, indicator, area_kind, area, time_window
),

rolled as (
    select
        pooled.*,
        {{ m4_band('pooled.mean_score') }} as mean_band,
        case
            when pooled.failed is not null then pooled.failed
            when pooled.met_at_deadline is not null then pooled.met_at_deadline
            when pooled.n_scored = 0 then pooled.reason
            when pooled.all_achieved then 'achieved'
            else {{ m4_band('pooled.mean_score') }}
        end as status
    from pooled
    inner join thresholds on pooled.variant = thresholds.variant
)

select * from series
union all
select
    variant,
    indicator,
    '_T' as breakdown,
    area_kind,
    area,
    time_window,
    cast(null as integer) as start_year,
    cast(null as double) as start_value,
    cast(null as integer) as end_year,
    cast(null as double) as end_value,
    cast(null as double) as target_value,
    cast(null as integer) as target_year,
    cast(null as varchar) as target_expression,
    cast(null as boolean) as target_verified,
    cast(null as double) as at_target_value,
    cast(null as double) as cagr,
    cast(null as double) as required_cagr,
    n_points,
    n_countries,
    base_shifted,
    late_data,
    late,
    worsening,
    status,
    cast(null as double) as ratio,
    case when status not in ('MET', 'MISSED', 'not_achieved') then mean_score end as score,
    case when status not in ('MET', 'MISSED', 'not_achieved') then mean_band end as score_band,
    {{ join_marks({
        'LATE': 'late',
        'LATE_DATA': 'late_data',
        'WORSENING': 'worsening',
        'BASE_SHIFTED': 'base_shifted',
        'COMPONENT_MISSING': 'has_gap and n_scored > 0',
        'ROLLED_UP': 'n_scored > 0'}) }} as marks,
    is_headline
from rolled
