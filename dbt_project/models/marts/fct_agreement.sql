-- Agreement of the four methods (methodology 3.5), one row an indicator, breakdown, kind of area and area: the colours side
-- by side, methods in the modal colour over methods assessable (two at least), and a contradiction where one is green
-- and another red. M2 speaks with its short window. A result that is no headline is not counted.
with counted as (
    select
        indicator,
        breakdown,
        area_kind,
        area,
        {% for method in ['M1', 'M2', 'M3', 'M4'] %}
        max(case when method = '{{ method }}' then status end) as {{ method | lower }}_status,
        max(case when method = '{{ method }}' then colour end) as {{ method | lower }}_colour,
        {% endfor %}
        {% for colour in ['green', 'yellow', 'red'] %}
        cast(count(*) filter (where colour = '{{ colour }}' and is_headline) as integer) as n_{{ colour }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('fct_progress') }}
    where time_window in ('all', 'short', 'base')
    group by indicator, breakdown, area_kind, area
),

summed as (
    select
        *,
        n_green + n_yellow + n_red as n_methods,
        greatest(n_green, n_yellow, n_red) as n_modal
    from counted
)

select
    indicator,
    breakdown,
    area_kind,
    area,
    {% for method in ['m1', 'm2', 'm3', 'm4'] %}
    {{ method }}_status,
    {{ method }}_colour,
    {% endfor %}
    n_methods,
    n_green,
    n_yellow,
    n_red,
    case
        when n_methods < {{ parameter('min_methods') }} then null
        when n_green > n_yellow and n_green > n_red then 'green'
        when n_yellow > n_green and n_yellow > n_red then 'yellow'
        when n_red > n_green and n_red > n_yellow then 'red'
    end as modal_colour,
    case when n_methods >= {{ parameter('min_methods') }} then cast(n_modal as double) / n_methods end as agreement,
    n_green > 0 and n_red > 0 as is_contradiction
from summed
