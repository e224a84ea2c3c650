-- Where each window of M2 to M4 starts and ends. base: from the base of rule 8 to the latest point; short and long: from
-- the earliest point 5 to 3 and 15 to 10 years before the latest (Eurostat, methodology 3.4), moved by the shift of the
-- variant. A window never spans a break: it starts after the last one, else it is INSUFFICIENT. Every member State has
-- its windows, those without any point too; the windows of regions are made of a fixed panel (int_progress_window_region).
{% set key = 'variant, indicator, breakdown, area_kind, area' %}
with bounds as (
    select
        base.*,
        cast({{ variant_parameter('base_year') }} as integer) + variants.base_shift as base_wanted,
        {% for window in ['short', 'long'] %}
        {% for end in ['from', 'to'] %}
        base.latest_year + variants.window_shift
            - cast({{ variant_parameter(window ~ '_window_' ~ end) }} as integer)
            as {{ window }}_{{ end }}{{ ',' if not (loop.last and window == 'long') }}
        {% endfor %}
        {% endfor %}
    from {{ ref('int_progress_base') }} as base
    inner join {{ ref('int_variant') }} as variants on base.variant = variants.variant
),

placed as (
    select
        {{ key }},
        points.year,
        points.year >= coalesce(bounds.last_break, points.year) as is_unbroken,
        points.year >= bounds.base_wanted and points.year < bounds.latest_year as is_base,
        points.year between bounds.short_from and bounds.short_to as is_short,
        points.year between bounds.long_from and bounds.long_to as is_long
    from {{ ref('int_progress_point') }} as points
    inner join bounds using ({{ key }})
),

-- The first year a window may start in, on this side of the last break, and whether one exists with no regard to it. Rule 8 gives the first
-- year from the base year on; where that is the latest point, or all points are earlier, so that the nearest of them is
-- the latest too, there is no window from the base.
starts as (
    select
        {{ key }},
        {% for window in ['base', 'short', 'long'] %}
        min(year) filter (where is_unbroken and is_{{ window }}) as {{ window }}_start,
        bool_or(is_{{ window }}) as {{ window }}_exists{{ ',' if not loop.last }}
        {% endfor %}
    from placed
    group by {{ key }}
),

spans as (
    {% for window in ['base', 'short', 'long'] %}
    select
        {{ key }},
        '{{ window }}' as time_window,
        starts.{{ window }}_start as start_year,
        starts.{{ window }}_exists as exists_somewhere,
        bounds.latest_year as end_year,
        bounds.latest_value as end_value,
        bounds.n_points,
        bounds.base_wanted
    from bounds
    inner join starts using ({{ key }})
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

values_between as (
    select
        {{ key }},
        spans.time_window,
        max(case when points.year = spans.start_year then points.obs_value end) as start_value,
        bool_or(points.obs_value < 0) as has_negative,
        bool_or(points.obs_value > 0) as has_positive,
        bool_or(points.obs_value = 0) as has_zero
    from spans
    inner join {{ ref('int_progress_point') }} as points using ({{ key }})
    where points.year >= spans.start_year
    group by {{ key }}, spans.time_window
),

areas as (
    select variants.variant, series.indicator, series.breakdown, 'country' as area_kind, countries.ref_area as area
    from {{ ref('int_variant') }} as variants
    cross join {{ ref('int_progress_series') }} as series
    cross join {{ ref('countries') }} as countries
    union all
    select {{ key }} from bounds where area_kind = 'aggregate'
),

windows as (
    select 'base' as time_window union all select 'short' union all select 'long'
)

select
    {{ key }},
    windows.time_window,
    spans.start_year,
    values_between.start_value,
    spans.end_year,
    spans.end_value,
    cast(coalesce(spans.n_points, 0) as integer) as n_points,
    coalesce(spans.time_window = 'base' and spans.start_year <> spans.base_wanted, false) as base_shifted,
    coalesce(spans.start_year is null and spans.exists_somewhere, false) as crosses_break,
    cast(null as integer) as n_countries,
    case when spans.n_points is null then 'NO_DATA' when spans.start_year is null then 'INSUFFICIENT' end as null_reason,
    coalesce(values_between.has_negative, false) as has_negative,
    coalesce(values_between.has_positive, false) as has_positive,
    coalesce(values_between.has_zero, false) as has_zero
from areas
cross join windows
left join spans using ({{ key }}, time_window)
left join values_between using ({{ key }}, time_window)
union all
select
    {{ key }}, time_window, start_year, start_value, end_year, end_value, n_points, base_shifted, crosses_break, n_countries,
    null_reason, has_negative, has_positive, has_zero
from {{ ref('int_progress_window_region') }}
