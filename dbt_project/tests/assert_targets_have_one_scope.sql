-- One expression of an indicator applies to one scope in a release: int_progress_target takes the only scope which the
-- preceding release states of a target, and what is published here is the preceding release of the next one.
-- What to do: state one scope in the `target` of the indicator (meta of its model), or correct what the preceding release states.
with targets as (
    select 'this release' as stated_by, indicator, target_expression, scope from {{ ref('fct_target') }}
    union all
    select 'the preceding release' as stated_by, indicator, target_expression, scope
    from {{ source('predecessor', 'rpt_target') }}
)

select stated_by, indicator, target_expression, count(distinct scope) as n_scopes
from targets
group by stated_by, indicator, target_expression
having count(distinct scope) > 1
