-- For a target whose year is over (rule 7): the value each area is judged by, the first at or after the target year,
-- else the latest (`late_data`). One row a variant, series and area with data; a target still ahead has none.
{% set key = 'variant, indicator, breakdown, area_kind, area' %}
with overdue as (
    select variant, indicator, target_year from {{ ref('int_target_deadline') }} where is_past
),

at_or_after as (
    select {{ key }}, min(points.year) as judged_year
    from {{ ref('int_progress_point') }} as points
    inner join overdue using (variant, indicator)
    where points.year >= overdue.target_year
    group by {{ key }}
)

select
    {% for column in key.split(', ') %}
    base.{{ column }},
    {% endfor %}
    coalesce(points.obs_value, base.latest_value) as at_target_value,
    at_or_after.judged_year is null as late_data
from {{ ref('int_progress_base') }} as base
inner join overdue using (variant, indicator)
left join at_or_after using ({{ key }})
left join {{ ref('int_progress_point') }} as points
    on base.variant = points.variant and base.indicator = points.indicator and base.breakdown = points.breakdown
    and base.area_kind = points.area_kind and base.area = points.area and at_or_after.judged_year = points.year
