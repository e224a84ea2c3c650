-- The value of each region under each rule, with who took part and how much of it is estimated, before the rules of
-- publication (methodology 3.3).
select
    contributions.indicator,
    contributions.breakdown,
    contributions.region,
    contributions.region_kind,
    contributions.year,
    contributions.agg_rule,
    case contributions.agg_rule
        when 'SUM' then sum(contributions.obs_value) filter (where contributions.takes_part)
        when 'RSUM_MATCHED' then
            sum(contributions.numerator) filter (where contributions.takes_part)
            / nullif(sum(contributions.denominator) filter (where contributions.takes_part), 0)
        when 'RSUM_FULL' then
            sum(contributions.numerator) filter (where contributions.takes_part)
            / nullif(sum(contributions.full_denominator), 0)
        when 'MEAN' then avg(contributions.obs_value)
        when 'MEDIAN' then {{ median('contributions.obs_value') }}
        when 'COUNT' then cast(count(*) filter (
            where contributions.takes_part
            and (registry.count_at_least is null or contributions.obs_value >= registry.count_at_least)) as double)
    end as obs_value,
    count(*) filter (where contributions.takes_part) as n_countries,
    count(*) as n_members,
    count(contributions.numerator) filter (where contributions.takes_part) as n_numerator,
    case contributions.agg_rule
        when 'RSUM_FULL' then count(contributions.full_denominator)
        when 'RSUM_MATCHED' then count(contributions.denominator) filter (where contributions.takes_part)
    end as n_denominator,
    cast(count(*) filter (where contributions.takes_part) as double) / count(*) as coverage_n,
    sum(contributions.population) filter (where contributions.takes_part)
        / nullif(sum(contributions.population), 0) as coverage_pop,
    -- What a country that did not report would have added to a sum is not known.
    case
        when contributions.agg_rule = 'SUM' then null
        when contributions.agg_rule = 'RSUM_MATCHED' and max(registry.denominator_entry) is null then null
        when contributions.agg_rule = 'RSUM_MATCHED' then
            sum(contributions.full_denominator) filter (where contributions.takes_part)
            / nullif(sum(contributions.full_denominator), 0)
        else sum(contributions.weight) filter (where contributions.takes_part)
            / nullif(sum(contributions.weight), 0)
    end as coverage_weight,
    {% for share, flag in {'imputed_share': 'is_imputed', 'provisional_share': 'is_provisional',
        'break_share': 'is_break'}.items() %}
    coalesce(sum(contributions.weight) filter (where contributions.takes_part and contributions.{{ flag }}), 0)
        / nullif(sum(contributions.weight) filter (where contributions.takes_part), 0) as {{ share }}{{ ',' if not loop.last }}
    {% endfor %}
from {{ ref('int_aggregate_contribution') }} as contributions
inner join {{ ref('int_registry') }} as registry on contributions.indicator = registry.indicator
group by
    contributions.indicator, contributions.breakdown, contributions.region, contributions.region_kind, contributions.year, contributions.agg_rule
