-- The champion rate of each indicator (ESCAP's method, methodology 3.6, not verified): a country's yearly rate between
-- its first point in 2000-2005 and its last in 2010-2015, compound, or in points where the scale is bounded; not from
-- zero, not across a break; the mean of the best five in the desired direction, capped. Never for sums.
with registry as (
    select indicator, direction, lower_limit is not null and upper_limit is not null as is_bounded
    from {{ ref('int_registry') }}
    where direction <> 0 and agg_rule <> 'SUM'
),

starts as (
    select indicator, breakdown, ref_area, min(year) as start_year
    from {{ ref('int_progress_point') }}
    where year between 2000 and 2005
    group by indicator, breakdown, ref_area
),

ends as (
    select indicator, breakdown, ref_area, max(year) as end_year
    from {{ ref('int_progress_point') }}
    where year between 2010 and 2015
    group by indicator, breakdown, ref_area
),

rates as (
    select
        registry.indicator,
        starts.breakdown,
        starts.ref_area,
        registry.direction,
        registry.is_bounded,
        case
            when registry.is_bounded
                then (last_point.obs_value - first_point.obs_value) / (ends.end_year - starts.start_year)
            else power(last_point.obs_value / first_point.obs_value, 1.0 / (ends.end_year - starts.start_year)) - 1
        end as rate
    from registry
    inner join starts on registry.indicator = starts.indicator
    inner join ends
        on starts.indicator = ends.indicator and starts.breakdown = ends.breakdown and starts.ref_area = ends.ref_area
    inner join {{ ref('int_progress_point') }} as first_point
        on starts.indicator = first_point.indicator
        and starts.breakdown = first_point.breakdown
        and starts.ref_area = first_point.ref_area and starts.start_year = first_point.year
    inner join {{ ref('int_progress_point') }} as last_point
        on ends.indicator = last_point.indicator
        and ends.breakdown = last_point.breakdown
        and ends.ref_area = last_point.ref_area and ends.end_year = last_point.year
    where first_point.obs_value <> 0
        and (registry.is_bounded or last_point.obs_value / first_point.obs_value > 0)
        and starts.ref_area in (select ref_area from {{ ref('countries') }})
        and not exists (
            select 1 from {{ ref('int_progress_point') }} as between_points
            where between_points.indicator = starts.indicator
                and between_points.breakdown = starts.breakdown
                and between_points.ref_area = starts.ref_area
                and between_points.is_break
                and between_points.year > starts.start_year
                and between_points.year <= ends.end_year)
),

ranked as (
    select
        rates.*,
        row_number() over (partition by indicator, breakdown order by direction * rate desc, ref_area) as place,
        count(*) over (partition by indicator, breakdown) as n_rates
    from rates
),

best as (
    select indicator, breakdown, direction, is_bounded, max(n_rates) as n_rates, avg(rate) as mean_rate
    from ranked
    where place <= {{ parameter('champion_top') }}
    group by indicator, breakdown, direction, is_bounded
)

select
    indicator,
    breakdown,
    is_bounded,
    n_rates,
    mean_rate,
    case when is_bounded then {{ parameter('champion_cap_points') }} else {{ parameter('champion_cap_rate') }} end as cap,
    direction * least(
        abs(mean_rate),
        case when is_bounded then {{ parameter('champion_cap_points') }} else {{ parameter('champion_cap_rate') }} end
    ) as rate
from best
where n_rates >= {{ parameter('champion_min_countries') }}
    -- Best rates that point the wrong way are no example to follow.
    and direction * mean_rate > 0
