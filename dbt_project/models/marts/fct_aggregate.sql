-- Regional values of the published groups, all rules side by side. A value that too few countries stand behind is
-- null with its reason; coverage and imputed share are printed in every cell (methodology 3.3).
with judged as (
    select
        cells.*,
        registry.unit_measure,
        registry.agg_rule as registry_rule,
        case when cells.region = 'UNECE' then registry.min_countries
            else cast(floor({{ parameter('min_share_subgroup') }} * cells.n_members) as integer) + 1
        end as min_countries,
        case
            when cells.agg_rule = 'SUM' and registry.agg_rule <> 'SUM' then 'NO_WEIGHT'
            when cells.agg_rule in ('RSUM_MATCHED', 'RSUM_FULL') and registry.agg_rule <> 'RSUM' then 'NO_WEIGHT'
            when cells.agg_rule = 'RSUM_FULL' and registry.denominator_entry is null then 'NO_DENOMINATOR'
            when cells.agg_rule in ('RSUM_MATCHED', 'RSUM_FULL') and registry.scope = 'E' and cells.region = 'UNECE'
                then 'COVERAGE'
        end as rule_reason
    from {{ ref('int_aggregate') }} as cells
    inner join {{ ref('dim_indicator') }} as registry on cells.indicator = registry.indicator
    where cells.region_kind = 'group'
),

explained as (
    select
        *,
        case
            when rule_reason is not null then rule_reason
            when n_countries < min_countries then 'COVERAGE'
            when agg_rule in ('SUM', 'RSUM_MATCHED', 'RSUM_FULL')
                and coalesce(coverage_pop, 0) < {{ parameter('min_coverage_pop') }} then 'COVERAGE'
        end as reason
    from judged
)

select
    indicator,
    breakdown,
    region,
    cast(year as varchar) as time_period,
    year,
    agg_rule,
    'all' as panel,
    case when agg_rule = 'COUNT' then 'countries' else unit_measure end as unit_measure,
    case when reason is null then obs_value end as obs_value,
    agg_rule = case registry_rule when 'RSUM' then 'RSUM_MATCHED' else registry_rule end as is_headline,
    cast(n_countries as integer) as n_countries,
    cast(n_members as integer) as n_members,
    cast(case when agg_rule in ('RSUM_MATCHED', 'RSUM_FULL') then n_numerator end as integer) as n_numerator,
    cast(n_denominator as integer) as n_denominator,
    min_countries,
    coverage_n,
    coalesce(coverage_pop, 0) as coverage_pop,
    coverage_weight,
    imputed_share,
    case
        when reason is not null then 'O'
        when break_share >= {{ parameter('break_limit') }} then 'B'
        when imputed_share > {{ parameter('imputed_limit') }} then 'E'
        when provisional_share > {{ parameter('provisional_limit') }} then 'P'
        else 'A'
    end as obs_status,
    reason as null_reason
from explained
