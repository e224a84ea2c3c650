-- Which rules of methodology 3.3 an indicator's regional values are shown under: one row an indicator and rule. What
-- applies is shown side by side; a rule that does not apply has no row, but a rate without numerator and denominator
-- keeps its weighted row, which says so. `rule_family` is what a country needs in order to take part: a value counted
-- into a weighted sum (SUM), numerator and denominator (RSUM), or just a value (MEAN). Countries are counted by the
-- registry's predicate; ordinal levels and indices are never averaged.
with rules as (
    select agg_rule, rule_family, is_weighted
    from (
        values
        ('SUM', 'SUM', true),
        ('RSUM_MATCHED', 'RSUM', true),
        ('RSUM_FULL', 'RSUM', true),
        ('MEAN', 'MEAN', false),
        ('MEDIAN', 'MEAN', false),
        ('COUNT', 'MEAN', false)
    ) as list (agg_rule, rule_family, is_weighted)
),

applied as (
    select
        registry.indicator,
        rules.agg_rule,
        rules.rule_family,
        rules.is_weighted,
        registry.agg_rule as registry_rule,
        registry.numerator is not null and registry.denominator is not null as has_parts,
        registry.denominator_entry is not null as has_entry,
        registry.unit_measure like 'index%' as is_index
    from {{ ref('int_registry') }} as registry
    cross join rules
)

select
    indicator,
    agg_rule,
    rule_family,
    is_weighted,
    agg_rule = case when registry_rule in ('RSUM', 'NONE') then 'RSUM_MATCHED' else registry_rule end as is_headline,
    case
        when rule_family = 'RSUM' and not (registry_rule = 'RSUM' and has_parts) then 'NO_WEIGHT'
        when agg_rule = 'RSUM_FULL' and not has_entry then 'NO_DENOMINATOR'
    end as rule_reason
from applied
where case agg_rule
    when 'SUM' then registry_rule = 'SUM'
    when 'RSUM_MATCHED' then registry_rule not in ('SUM', 'COUNT', 'PUBLISHED')
    when 'RSUM_FULL' then registry_rule = 'RSUM'
    when 'MEAN' then registry_rule not in ('COUNT', 'PUBLISHED') and not is_index
    when 'MEDIAN' then registry_rule not in ('COUNT', 'PUBLISHED')
    else true
end
