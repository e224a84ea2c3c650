-- Every target expression of the registry, put together again from the parts it was taken apart into, is itself.
with parts as (
    select
        *,
        case when amount = floor(amount) then cast(cast(amount as bigint) as varchar) else cast(amount as varchar) end as amount_text
    from {{ ref('int_target_expression') }}
),

steps as (
    select indicator, string_agg(cast(deadline as varchar) || ':' || amount_text, ',' order by deadline) as step_text
    from parts
    where kind = 'step'
    group by indicator
),

again as (
    select
        parts.indicator,
        case
            when parts.kind = 'none' then 'none'
            when parts.kind in ('const', 'binary') then 'const(' || parts.amount_text || ')'
            when parts.kind = 'multiple'
                then parts.amount_text || '*value(' || parts.value_area || ',' || cast(parts.value_year as varchar) || ')'
            when parts.kind = 'own_base' then parts.amount_text || '*value(self,base)'
            when parts.kind = 'champion' then 'champion(top=' || parts.amount_text || ')'
            when parts.kind = 'step' then 'step(' || steps.step_text || ')'
        end as expression_again,
        parts.kind,
        parts.deadline
    from parts
    left join steps on parts.indicator = steps.indicator
)

select registry.indicator, registry.target_expression, again.expression_again, again.kind
from {{ ref('int_registry') }} as registry
left join again on registry.indicator = again.indicator
where again.expression_again is distinct from coalesce(registry.target_expression, 'none')
    or (again.kind = 'binary') <> (coalesce(registry.is_binary, false) and coalesce(registry.target_expression, 'none') like 'const(%')
    or (again.kind <> 'step' and again.deadline is distinct from registry.target_deadline)
