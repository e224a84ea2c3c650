-- The champion rate of each series (ESCAP's method, methodology 3.6, not verified): a country's yearly rate between its
-- first point in 2000-2005 and its last in 2010-2015, compound, or in points where the scale is bounded; not from zero,
-- not across a break; the mean of the best five in the desired direction, capped. Never for sums.
with points as (
    select points.*
    from {{ ref('int_progress_point') }} as points
    where points.variant = 'headline' and points.area_kind = 'country'
),

spans as (
    select
        indicator,
        breakdown,
        area,
        min(year) filter (
            where year between {{ parameter('champion_start_from') }} and {{ parameter('champion_start_to') }}) as start_year,
        max(year) filter (
            where year between {{ parameter('champion_end_from') }} and {{ parameter('champion_end_to') }}) as end_year
    from points
    group by indicator, breakdown, area
),

ends as (
    select
        spans.indicator,
        spans.breakdown,
        spans.area,
        spans.end_year - spans.start_year as n_years,
        max(case when points.year = spans.start_year then points.obs_value end) as start_value,
        max(case when points.year = spans.end_year then points.obs_value end) as end_value,
        bool_or(points.is_break and points.year > spans.start_year) as has_break
    from spans
    inner join points
        on spans.indicator = points.indicator and spans.breakdown = points.breakdown and spans.area = points.area
        and points.year between spans.start_year and spans.end_year
    group by spans.indicator, spans.breakdown, spans.area, spans.start_year, spans.end_year
),

rates as (
    select
        series.indicator,
        series.breakdown,
        series.direction,
        series.is_bounded,
        ends.area,
        case
            when series.is_bounded then (ends.end_value - ends.start_value) / ends.n_years
            else power(ends.end_value / ends.start_value, 1.0 / ends.n_years) - 1
        end as rate
    from ends
    inner join {{ ref('int_progress_series') }} as series
        on ends.indicator = series.indicator and ends.breakdown = series.breakdown
    where series.agg_rule <> 'SUM'
        and not ends.has_break
        and ends.start_value <> 0
        and (series.is_bounded or ends.end_value / ends.start_value > 0)
),

ranked as (
    select
        rates.*,
        row_number() over (partition by indicator, breakdown order by direction * rate desc, area) as place,
        count(*) over (partition by indicator, breakdown) as n_rates
    from rates
),

best as (
    select indicator, breakdown, direction, is_bounded, n_rates, avg(rate) as mean_rate
    from ranked
    where place <= {{ parameter('champion_top') }}
    group by indicator, breakdown, direction, is_bounded, n_rates
),

capped as (
    select
        *,
        case when is_bounded then {{ parameter('champion_cap_points') }} else {{ parameter('champion_cap_rate') }} end as cap
    from best
)

select
    indicator,
    breakdown,
    is_bounded,
    n_rates,
    mean_rate,
    cap,
    direction * least(abs(mean_rate), cap) as rate
from capped
where n_rates >= {{ parameter('champion_min_countries') }}
    -- Best rates that point the wrong way are no example to follow.
    and direction * mean_rate > 0
