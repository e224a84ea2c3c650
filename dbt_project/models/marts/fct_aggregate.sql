-- Regional values of the published groups, all rules side by side, of all reporters and of the fixed panels, and beside
-- them the rows which the sources themselves publish for regions. A value that too few countries stand behind is null
-- with its reason; coverage and shares are printed in every cell (methodology 3.3).
with judged as (
    select
        cells.*,
        rules.is_headline,
        rules.is_weighted,
        rules.rule_reason,
        registry.unit_measure,
        registry.scope,
        {{ region_minimum('cells.region', 'cells.n_members', 'registry.min_countries') }} as min_countries
    from {{ ref('int_aggregate') }} as cells
    inner join {{ ref('int_aggregate_rule') }} as rules
        on cells.indicator = rules.indicator and cells.agg_rule = rules.agg_rule
    inner join {{ ref('dim_indicator') }} as registry on cells.indicator = registry.indicator
),

explained as (
    select
        *,
        case
            when rule_reason is not null then rule_reason
            when is_weighted and scope = 'E' and region = 'UNECE' then 'COVERAGE'
            when n_countries < min_countries then case when panel = 'all' then 'COVERAGE' else 'PANEL_TOO_SMALL' end
            when is_weighted and coalesce(coverage_pop, 0) < {{ parameter('min_coverage_pop') }} then 'COVERAGE'
            -- One suppressed member could be recovered from a total and the others.
            when is_weighted and n_suppressed = 1 then 'CONF_SECONDARY'
            when obs_value is null then 'ZERO_DENOMINATOR'
        end as reason
    from judged
),

ours as (
    select
        indicator,
        breakdown,
        region,
        year,
        agg_rule,
        panel,
        case when agg_rule = 'COUNT' then 'countries' else unit_measure end as unit_measure,
        case when agg_rule = 'COUNT' then 'count' when is_weighted then 'weighted' else 'unweighted' end as weighting,
        case when reason is null then obs_value end as obs_value,
        is_headline and panel = 'all' and breakdown not like 'LEVEL%' as is_headline,
        cast(n_countries as integer) as n_countries,
        cast(n_members as integer) as n_members,
        cast(case when agg_rule in ('RSUM_MATCHED', 'RSUM_FULL') then n_numerator end as integer) as n_numerator,
        cast(n_denominator as integer) as n_denominator,
        min_countries,
        coverage_n,
        coalesce(coverage_pop, 0) as coverage_pop,
        coverage_weight,
        imputed_share,
        provisional_share,
        break_share,
        case
            when reason is not null then 'O'
            when break_share >= {{ parameter('break_limit') }} then 'B'
            when imputed_share > {{ parameter('imputed_limit') }} then 'E'
            when provisional_share > {{ parameter('provisional_limit') }} then 'P'
            else 'A'
        end as obs_status,
        reason as null_reason
    from explained
),

differences as (
    -- How much the ratio over all members stays below the ratio over those which reported.
    select
        whole.indicator,
        whole.breakdown,
        whole.region,
        whole.year,
        whole.panel,
        whole.obs_value - matched.obs_value as difference_to_matched
    from ours as whole
    inner join ours as matched
        on whole.indicator = matched.indicator and whole.breakdown = matched.breakdown
        and whole.region = matched.region and whole.year = matched.year and whole.panel = matched.panel
    where whole.agg_rule = 'RSUM_FULL' and matched.agg_rule = 'RSUM_MATCHED'
)

select
    ours.indicator,
    ours.breakdown,
    ours.region,
    cast(ours.year as varchar) as time_period,
    ours.year,
    ours.agg_rule,
    ours.panel,
    ours.unit_measure,
    ours.weighting,
    ours.obs_value,
    case when ours.agg_rule = 'RSUM_FULL' then differences.difference_to_matched end as difference_to_matched,
    ours.is_headline,
    ours.n_countries,
    ours.n_members,
    ours.n_numerator,
    ours.n_denominator,
    ours.min_countries,
    ours.coverage_n,
    ours.coverage_pop,
    ours.coverage_weight,
    ours.imputed_share,
    ours.provisional_share,
    ours.break_share,
    ours.obs_status,
    ours.null_reason
from ours
left join differences
    on ours.indicator = differences.indicator and ours.breakdown = differences.breakdown
    and ours.region = differences.region and ours.year = differences.year and ours.panel = differences.panel
union all
select
    indicator,
    breakdown,
    region,
    time_period,
    year,
    'PUBLISHED' as agg_rule,
    'all' as panel,
    unit_measure,
    'as published' as weighting,
    obs_value,
    cast(null as double) as difference_to_matched,
    is_headline,
    cast(null as integer) as n_countries,
    cast(null as integer) as n_members,
    cast(null as integer) as n_numerator,
    cast(null as integer) as n_denominator,
    cast(null as integer) as min_countries,
    cast(null as double) as coverage_n,
    cast(null as double) as coverage_pop,
    cast(null as double) as coverage_weight,
    cast(null as double) as imputed_share,
    cast(null as double) as provisional_share,
    cast(null as double) as break_share,
    obs_status,
    null_reason
from {{ ref('int_published_aggregate') }}
