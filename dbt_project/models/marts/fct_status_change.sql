-- Why a status is not that of the preceding release (methodology 3.9), one row an indicator, breakdown, kind of area, area,
-- method and window both releases state. The change is led from the old release to this one by replacing, in order, the
-- values in old years, the new years, the method, the targets and the membership (runs forward_0 to forward_4, then the
-- headline); the first step that changes the status is the cause. The reverse order (reverse_1 to reverse_4) gives its own
-- cause; where the two differ the attribution depends on the path. If today's code does not reproduce the old status
-- from the old release's own values, method, targets and members (forward_0), the code is what changed: cause method,
-- mark CODE_CHANGE.
{% set key = 'indicator, breakdown, area_kind, area, method, time_window' %}
{% set runs = ['forward_0', 'forward_1', 'forward_2', 'forward_3', 'forward_4', 'reverse_1', 'reverse_2', 'reverse_3',
    'reverse_4'] %}
with runs as (
    select
        {{ key }},
        {% for run in runs %}
        max(case when variant = '{{ run }}' then status end) as {{ run }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('int_progress') }}
    group by {{ key }}
),

compared as (
    select
        {{ key }},
        before.status as status_before,
        before.colour as colour_before,
        now.status,
        now.colour,
        runs.* exclude (indicator, breakdown, area_kind, area, method, time_window),
        before.status <> now.status as is_changed,
        runs.forward_0 is distinct from before.status as is_code_change
    from {{ source('predecessor', 'rpt_progress') }} as before
    inner join {{ ref('fct_progress') }} as now using ({{ key }})
    inner join runs using ({{ key }})
),

caused as (
    select
        *,
        case
            when not is_changed then null
            when is_code_change then 'method'
            when forward_1 is distinct from forward_0 then 'data_revision'
            when forward_2 is distinct from forward_1 then 'new_years'
            when forward_3 is distinct from forward_2 then 'method'
            when forward_4 is distinct from forward_3 then 'target'
            else 'membership'
        end as cause,
        case
            when not is_changed then null
            when is_code_change then 'method'
            when reverse_1 is distinct from forward_0 then 'membership'
            when reverse_2 is distinct from reverse_1 then 'target'
            when reverse_3 is distinct from reverse_2 then 'method'
            when reverse_4 is distinct from reverse_3 then 'new_years'
            else 'data_revision'
        end as reverse_cause
    from compared
)

select
    {{ key }},
    status_before,
    colour_before,
    status,
    colour,
    cause,
    reverse_cause,
    coalesce(cause <> reverse_cause, false) as path_dependent,
    case when is_changed and is_code_change then 'CODE_CHANGE' end as mark
from caused
