-- The fixed panel of each regional window: the members with a point in every grid year from start to end (methodology
-- 3.3), with what they bring at both ends. A member's points are numbered along the region's grid: it has them all if
-- its number grows from start to end as much as the grid's does. Sorted, because sums depend on their order.
with points as (
    select
        cells.*,
        years.grid_place,
        row_number() over (
            partition by cells.points, cells.rule_family, cells.indicator, cells.breakdown, cells.region, cells.ref_area
            order by cells.year) as own_place
    from {{ ref('int_panel_region_point') }} as cells
    inner join {{ ref('int_panel_region_year') }} as years
        on cells.points = years.points and cells.rule_family = years.rule_family
        and cells.indicator = years.indicator and cells.breakdown = years.breakdown
        and cells.region = years.region and cells.year = years.year
    where years.grid_place is not null
)

select
    windows.setting,
    windows.indicator,
    windows.breakdown,
    windows.region,
    windows.time_window,
    starts.ref_area,
    ends.population,
    {% for column in ['obs_value', 'numerator', 'denominator'] %}
    starts.{{ column }} as start_{{ column }},
    ends.{{ column }} as end_{{ column }}{{ ',' if not loop.last }}
    {% endfor %}
from {{ ref('int_panel_window') }} as windows
inner join points as starts
    on windows.points = starts.points and windows.rule_family = starts.rule_family
    and windows.indicator = starts.indicator and windows.breakdown = starts.breakdown
    and windows.region = starts.region and windows.start_year = starts.year
inner join points as ends
    on starts.points = ends.points and starts.rule_family = ends.rule_family
    and starts.indicator = ends.indicator and starts.breakdown = ends.breakdown
    and starts.region = ends.region and starts.ref_area = ends.ref_area and windows.end_year = ends.year
where windows.null_reason is null
    and ends.own_place - starts.own_place = ends.grid_place - starts.grid_place
order by windows.setting, windows.indicator, windows.breakdown, windows.region, windows.time_window, starts.ref_area
