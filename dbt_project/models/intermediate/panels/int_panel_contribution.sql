-- What each member of a region brings to the values of the fixed panels, in every grid year of each window of the
-- headline's points (methodology 3.3): as int_aggregate_contribution, one row a window and family of rules besides.
-- Members outside the panel stay, with nothing to bring, because a region is measured against all its members.
{% set columns = contribution_columns() %}
with windows as (
    select
        windows.setting,
        windows.indicator,
        windows.breakdown,
        windows.region,
        windows.time_window,
        windows.rule_family,
        windows.start_year,
        windows.end_year,
        row_number() over (
            partition by windows.indicator, windows.breakdown, windows.region, windows.time_window, windows.rule_family
            order by windows.setting) as place
    from {{ ref('int_panel_window') }} as windows
    inner join {{ ref('int_panel_setting') }} as settings
        on windows.setting = settings.setting and windows.indicator = settings.indicator
    where settings.points = 'current/current' and settings.method_from = 'current'
        and not settings.drops_last_year and settings.base_shift = 0 and settings.window_shift = 0
        and windows.null_reason is null
)

select
    windows.time_window as panel,
    windows.rule_family,
    members.ref_area is not null as is_in_panel,
    {% for column in columns %}
    contributions.{{ column }}{{ ',' if not loop.last }}
    {% endfor %}
from windows
inner join {{ ref('int_aggregate_contribution') }} as contributions
    on windows.indicator = contributions.indicator and windows.breakdown = contributions.breakdown
    and windows.region = contributions.region and contributions.year between windows.start_year and windows.end_year
inner join {{ ref('int_panel_region_year') }} as years
    on years.points = 'current/current' and windows.rule_family = years.rule_family
    and windows.indicator = years.indicator and windows.breakdown = years.breakdown
    and windows.region = years.region and contributions.year = years.year and years.grid_place is not null
left join {{ ref('int_panel_member') }} as members
    on windows.setting = members.setting and windows.indicator = members.indicator
    and windows.breakdown = members.breakdown and windows.region = members.region
    and windows.time_window = members.time_window and contributions.ref_area = members.ref_area
where windows.place = 1
order by panel, windows.rule_family, windows.indicator, windows.breakdown, windows.region, contributions.year, contributions.ref_area
