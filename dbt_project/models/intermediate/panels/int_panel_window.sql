-- The windows of each region, one row a setting, indicator, breakdown, region and window, before the countries behind
-- them are counted. The region's points are the years in which enough members reported; base, short and long windows
-- start on them as a country's do (methodology 3.4, rule 8 and M2), after the last break that enters with a weight that
-- counts, and end on the latest.
with sizes as (
    select distinct membership_from, indicator, region from {{ ref('int_panel_region_member') }}
),

combinations as (
    select settings.*, series.breakdown, sizes.region
    from {{ ref('int_panel_setting') }} as settings
    inner join {{ ref('int_progress_series') }} as series on settings.indicator = series.indicator
    inner join sizes on settings.membership_from = sizes.membership_from and settings.indicator = sizes.indicator
),

-- The last year of a series, which a run leaves out that asks what it decides: the year, not each region's own.
last_years as (
    select points, rule_family, indicator, breakdown, max(year) as last_year
    from {{ ref('int_panel_region_year') }}
    where n_countries > 0
    group by points, rule_family, indicator, breakdown
),

years as (
    select
        combinations.setting,
        combinations.indicator,
        combinations.breakdown,
        combinations.region,
        cast({{ variant_parameter('base_year', 'combinations.method_from') }} as integer) + combinations.base_shift as base_year,
        {% for side in ['short_window_from', 'short_window_to', 'long_window_from', 'long_window_to'] %}
        cast({{ variant_parameter(side, 'combinations.method_from') }} as integer) - combinations.window_shift as {{ side }},
        {% endfor %}
        years.year,
        years.n_countries,
        years.is_point,
        years.is_break
    from combinations
    inner join {{ ref('int_panel_region_year') }} as years
        on combinations.points = years.points and combinations.rule_family = years.rule_family
        and combinations.indicator = years.indicator
        and combinations.breakdown = years.breakdown and combinations.region = years.region
    inner join last_years
        on years.points = last_years.points and years.rule_family = last_years.rule_family
        and years.indicator = last_years.indicator and years.breakdown = last_years.breakdown
    where combinations.rule_reason is null
        and years.year >= {{ variant_parameter('first_year', 'combinations.method_from') }} + combinations.window_shift
        and years.year <= {{ reference_year() }}
        and not (combinations.drops_last_year and years.year = last_years.last_year)
),

spans as (
    select
        setting,
        indicator,
        breakdown,
        region,
        sum(n_countries) as n_reports,
        count(*) filter (where is_point) as n_points,
        max(year) filter (where is_point) as end_year,
        max(year) filter (where is_point and is_break) as last_break
    from years
    group by setting, indicator, breakdown, region
),

candidates as (
    select
        years.setting,
        years.indicator,
        years.breakdown,
        years.region,
        years.year,
        years.base_year,
        spans.end_year,
        years.year >= coalesce(spans.last_break, years.year) as is_unbroken,
        years.year between spans.end_year - years.short_window_from and spans.end_year - years.short_window_to as is_short,
        years.year between spans.end_year - years.long_window_from and spans.end_year - years.long_window_to as is_long
    from years
    inner join spans
        on years.setting = spans.setting and years.indicator = spans.indicator
        and years.breakdown = spans.breakdown and years.region = spans.region
    where years.is_point and years.year < spans.end_year
),

placed as (
    {% for window, chosen, order in [
        ('base', 'true', 'case when year >= base_year then 0 else 1 end, abs(year - base_year)'),
        ('short', 'is_short', 'year'),
        ('long', 'is_long', 'year')] %}
    select
        setting,
        indicator,
        breakdown,
        region,
        '{{ window }}' as time_window,
        year as start_year,
        base_year,
        is_unbroken,
        row_number() over (
            partition by setting, indicator, breakdown, region
            order by case when is_unbroken then 0 else 1 end, {{ order }}) as place
    from candidates
    where {{ chosen }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

windows as (
    select list.time_window from (values ('base'), ('short'), ('long')) as list (time_window)
)

select
    combinations.setting,
    combinations.points,
    combinations.indicator,
    combinations.breakdown,
    combinations.region,
    windows.time_window,
    combinations.membership_from,
    combinations.agg_rule,
    combinations.rule_family,
    combinations.is_weighted,
    case when placed.is_unbroken then placed.start_year end as start_year,
    spans.end_year,
    cast(coalesce(spans.n_points, 0) as integer) as n_points,
    coalesce(windows.time_window = 'base' and placed.start_year <> placed.base_year, false) as base_shifted,
    coalesce(not placed.is_unbroken, false) as crosses_break,
    case
        when combinations.rule_reason is not null then combinations.rule_reason
        when coalesce(spans.n_reports, 0) = 0 then 'NO_DATA'
        when spans.n_points = 0 then 'COVERAGE'
        when placed.start_year is null or not placed.is_unbroken then 'INSUFFICIENT'
    end as null_reason
from combinations
cross join windows
left join spans
    on combinations.setting = spans.setting and combinations.indicator = spans.indicator
    and combinations.breakdown = spans.breakdown and combinations.region = spans.region
left join placed
    on combinations.setting = placed.setting and combinations.indicator = placed.indicator
    and combinations.breakdown = placed.breakdown and combinations.region = placed.region
    and windows.time_window = placed.time_window and placed.place = 1
