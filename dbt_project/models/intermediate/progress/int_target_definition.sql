-- The step of each target that counts now: the next deadline not before the indicator's latest data year, else the
-- last one. One deadline an indicator, so that areas of one table are judged at the same year.
with latest as (
    select indicator, max(year) as latest_year
    from {{ ref('int_progress_point') }}
    where variant = 'headline'
    group by indicator
),

ranked as (
    select
        expressions.*,
        row_number() over (
            partition by expressions.indicator
            -- Without any data every deadline is ahead, the first of them the next.
            order by
                expressions.deadline < latest.latest_year,
                abs(expressions.deadline - latest.latest_year),
                expressions.deadline
        ) as step_rank
    from {{ ref('int_target_expression') }} as expressions
    left join latest on expressions.indicator = latest.indicator
)

select
    indicator,
    target_expression,
    scope,
    target_verified,
    kind,
    amount,
    value_area,
    value_year,
    coalesce(deadline, cast({{ parameter('default_deadline') }} as integer)) as target_year
from ranked
where step_rank = 1
