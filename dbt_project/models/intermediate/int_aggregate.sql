-- The value of each region under each rule, with who took part and how much of it is estimated, before the rules of
-- publication (methodology 3.3): of all reporters of a year (panel all), and of the fixed panels of the windows. A sum
-- is never grossed up. An ordinal indicator is counted level by level besides (breakdown LEVEL_n): a distribution,
-- because levels have no mean.
{% set columns = contribution_columns() | join(', ') %}
with contributions as (
    select 'all' as panel, cast(null as varchar) as rule_family, true as is_in_panel, {{ columns }}
    from {{ ref('int_aggregate_contribution') }}
    union all
    select panel, rule_family, is_in_panel, {{ columns }}
    from {{ ref('int_panel_contribution') }}
),

applied as (
    select
        contributions.*,
        rules.agg_rule,
        registry.count_at_least,
        registry.denominator_entry,
        contributions.is_in_panel and case rules.agg_rule
            when 'RSUM_MATCHED' then contributions.numerator is not null and contributions.denominator is not null
            when 'RSUM_FULL' then contributions.numerator is not null and contributions.full_denominator is not null
            else contributions.obs_value is not null
        end as takes_part,
        case rules.agg_rule
            when 'SUM' then contributions.obs_value
            when 'RSUM_MATCHED' then contributions.denominator
            when 'RSUM_FULL' then contributions.full_denominator
            else 1
        end as weight
    from contributions
    inner join {{ ref('int_aggregate_rule') }} as rules
        on contributions.indicator = rules.indicator
        and (contributions.panel = 'all' or contributions.rule_family = rules.rule_family)
    inner join {{ ref('int_registry') }} as registry on contributions.indicator = registry.indicator
),

valued as (
    select
        indicator,
        breakdown,
        region,
        year,
        agg_rule,
        panel,
        case agg_rule
            -- Trade between members is none of the region's.
            when 'SUM' then sum(obs_value - coalesce(intra_value, 0)) filter (where takes_part)
            when 'RSUM_MATCHED' then
                sum(numerator) filter (where takes_part) / nullif(sum(denominator) filter (where takes_part), 0)
            when 'RSUM_FULL' then
                sum(numerator) filter (where takes_part) / nullif(sum(full_denominator), 0)
            when 'MEAN' then avg(obs_value) filter (where takes_part)
            when 'MEDIAN' then {{ median('case when takes_part then obs_value end') }}
            when 'COUNT' then cast(count(*) filter (
                where takes_part and (count_at_least is null or obs_value >= count_at_least)) as double)
        end as obs_value,
        count(*) filter (where takes_part) as n_countries,
        count(*) as n_members,
        count(*) filter (where is_suppressed) as n_suppressed,
        count(numerator) filter (where takes_part) as n_numerator,
        case agg_rule
            when 'RSUM_FULL' then count(full_denominator)
            when 'RSUM_MATCHED' then count(denominator) filter (where takes_part)
        end as n_denominator,
        cast(count(*) filter (where takes_part) as double) / count(*) as coverage_n,
        sum(population) filter (where takes_part) / nullif(sum(population), 0) as coverage_pop,
        -- What a country that did not report would have added to a sum is not known.
        case
            when agg_rule = 'SUM' then null
            when agg_rule = 'RSUM_MATCHED' and max(denominator_entry) is null then null
            when agg_rule = 'RSUM_MATCHED' then
                sum(full_denominator) filter (where takes_part) / nullif(sum(full_denominator), 0)
            else sum(weight) filter (where takes_part) / nullif(sum(weight), 0)
        end as coverage_weight,
        {% for share, flag in {'imputed_share': 'is_imputed', 'provisional_share': 'is_provisional',
            'break_share': 'is_break'}.items() %}
        coalesce(sum(weight) filter (where takes_part and {{ flag }}), 0)
            / nullif(sum(weight) filter (where takes_part), 0) as {{ share }}{{ ',' if not loop.last }}
        {% endfor %}
    from applied
    group by indicator, breakdown, region, year, agg_rule, panel
),

levels as (
    select registry.indicator, list.year as level
    from {{ ref('int_registry') }} as registry
    inner join ({{ years('0', '10') }}) as list on list.year between registry.lower_limit and registry.upper_limit
    where registry.agg_rule = 'COUNT' and registry.upper_limit > 1
),

counted as (
    select
        applied.indicator,
        levels.level,
        applied.region,
        applied.year,
        count(*) filter (where floor(applied.obs_value) = levels.level) as n_at_level
    from applied
    inner join levels on applied.indicator = levels.indicator
    where applied.panel = 'all' and applied.agg_rule = 'COUNT' and applied.breakdown = '_T'
    group by applied.indicator, levels.level, applied.region, applied.year
)

select * from valued
union all
select
    valued.indicator,
    'LEVEL_' || cast(counted.level as varchar) as breakdown,
    valued.region,
    valued.year,
    valued.agg_rule,
    valued.panel,
    cast(counted.n_at_level as double) as obs_value,
    {% for column in ['n_countries', 'n_members', 'n_suppressed', 'n_numerator', 'n_denominator', 'coverage_n',
        'coverage_pop', 'coverage_weight', 'imputed_share', 'provisional_share', 'break_share'] %}
    valued.{{ column }}{{ ',' if not loop.last }}
    {% endfor %}
from valued
inner join counted
    on valued.indicator = counted.indicator and valued.region = counted.region and valued.year = counted.year
where valued.panel = 'all' and valued.agg_rule = 'COUNT' and valued.breakdown = '_T'
