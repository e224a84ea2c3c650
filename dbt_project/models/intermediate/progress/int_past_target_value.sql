-- For a target whose year is over (rule 7): the value each area is judged by, the first at or after the target year,
-- else the latest (`late_data`). One row an area with data; indicators with a target still ahead have none.
with overdue as (
    select indicator, target_year
    from {{ ref('int_target_definition') }}
    where kind <> 'none' and (target_year < {{ reference_year() }} or target_year <= latest_year)
),

at_or_after as (
    select points.indicator, points.breakdown, points.ref_area, min(points.year) as judged_year
    from {{ ref('int_progress_point') }} as points
    inner join overdue on points.indicator = overdue.indicator
    where points.year >= overdue.target_year
    group by points.indicator, points.breakdown, points.ref_area
)

select
    base.indicator,
    base.breakdown,
    base.ref_area,
    base.n_points,
    base.base_value,
    base.base_year,
    base.latest_value,
    base.latest_year,
    coalesce(points.obs_value, base.latest_value) as at_target_year,
    at_or_after.judged_year is null as late_data
from {{ ref('int_progress_base') }} as base
inner join overdue on base.indicator = overdue.indicator
left join at_or_after
    on base.indicator = at_or_after.indicator and base.breakdown = at_or_after.breakdown and base.ref_area = at_or_after.ref_area
left join {{ ref('int_progress_point') }} as points
    on at_or_after.indicator = points.indicator
    and at_or_after.breakdown = points.breakdown
    and at_or_after.ref_area = points.ref_area and at_or_after.judged_year = points.year
