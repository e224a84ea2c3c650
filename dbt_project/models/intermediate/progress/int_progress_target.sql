-- The target of each area in each run of the assessment: the frozen value, the value under today's data, or what the
-- preceding release published, as the variant says; whether one applies at all; and for a target whose year is over
-- (rule 7 of methodology 3.4) the value it is judged by. Outside the scope of a target its value is a benchmark, no target.
-- One row a variant, series and area: every member State, the EU row where it has points, every region. A champion
-- target counts for M1 only. A region's own value at the target year follows the rule of its regional value.
{% set key = 'variant, indicator, breakdown, area_kind, area' %}
with areas as (
    select variants.variant, series.indicator, series.breakdown, 'country' as area_kind, countries.ref_area as area
    from {{ ref('int_variant') }} as variants
    cross join {{ ref('int_progress_series') }} as series
    cross join {{ ref('countries') }} as countries
    union all
    select {{ key }} from {{ ref('int_progress_base') }} where area_kind = 'aggregate'
    union all
    select distinct variants.variant, series.indicator, series.breakdown, 'region' as area_kind, members.region as area
    from {{ ref('int_variant') }} as variants
    inner join {{ ref('int_panel_region_member') }} as members on variants.membership_from = members.membership_from
    inner join {{ ref('int_progress_series') }} as series on members.indicator = series.indicator
),

-- What the preceding release aimed at: its M1 names the target of an area without data too, its targets do not.
stated as (
    select indicator, target_expression, cast(null as varchar) as scope, target_verified
    from {{ source('predecessor', 'rpt_progress') }}
    where method = 'M1' and target_expression <> 'none'
    union all
    select indicator, target_expression, scope, target_verified from {{ source('predecessor', 'rpt_target') }}
),

previous as (
    select
        indicator,
        target_expression,
        max(scope) as scope,
        bool_and(target_verified) as target_verified,
        case
            when target_expression like 'champion(%' then 'champion'
            when target_expression like 'step(%' then 'step'
            when target_expression like '%value(self,base)' then 'own_base'
            when target_expression like '%value(%' then 'multiple'
            else 'const'
        end as kind
    from stated
    group by indicator, target_expression
),

valued as (
    select distinct indicator, coalesce(breakdown, '_T') as breakdown from {{ source('predecessor', 'rpt_target') }}
),

definitions as (
    {% for targets_from in ['current', 'today'] %}
    select
        '{{ targets_from }}' as targets_from,
        series.indicator,
        series.breakdown,
        targets.kind,
        targets.scope,
        targets.target_expression,
        targets.target_verified,
        targets.kind <> 'none' and (targets.kind <> 'champion' or champions.rate is not null) as is_set
    from {{ ref('int_progress_series') }} as series
    inner join {{ ref('int_target_definition') }} as targets on series.indicator = targets.indicator
    left join {{ ref('int_champion_rate') }} as champions
        on series.indicator = champions.indicator and series.breakdown = champions.breakdown
    union all
    {% endfor %}
    select
        'previous' as targets_from,
        series.indicator,
        series.breakdown,
        previous.kind,
        -- What had no value in the preceding release has today's scope.
        coalesce(previous.scope, targets.scope, 'all') as scope,
        previous.target_expression,
        previous.target_verified,
        previous.kind <> 'champion' or valued.indicator is not null as is_set
    from {{ ref('int_progress_series') }} as series
    inner join previous on series.indicator = previous.indicator
    left join {{ ref('int_target_definition') }} as targets
        on series.indicator = targets.indicator and previous.target_expression = targets.target_expression
    left join valued on series.indicator = valued.indicator and series.breakdown = valued.breakdown
),

target_values as (
    select 'current' as targets_from, indicator, breakdown, area_kind, area, target_value from {{ ref('fct_target') }}
    union all
    select 'today' as targets_from, indicator, breakdown, area_kind, area, target_value_current as target_value
    from {{ ref('fct_target') }}
    union all
    select 'previous' as targets_from, indicator, coalesce(breakdown, '_T') as breakdown, area_kind, area, target_value
    from {{ source('predecessor', 'rpt_target') }}
),

-- One value that all areas of the scope share, for the areas outside of it.
benchmarks as (
    select targets_from, indicator, breakdown, min(target_value) as benchmark_value
    from target_values
    group by targets_from, indicator, breakdown
    having min(target_value) = max(target_value)
),

regional_years as (
    select
        variants.variant,
        cells.indicator,
        cells.breakdown,
        cells.region,
        cells.year,
        cells.obs_value,
        cells.year >= deadlines.target_year as is_at_or_after
    from {{ ref('int_variant') }} as variants
    inner join {{ ref('int_target_deadline') }} as deadlines on variants.variant = deadlines.variant and deadlines.is_past
    inner join {{ ref('fct_aggregate') }} as cells
        on deadlines.indicator = cells.indicator
        and cells.panel = 'all' and cells.obs_value is not null
        and case when variants.agg_rule is null then cells.is_headline else cells.agg_rule = variants.agg_rule end
),

regional_judged as (
    select
        *,
        row_number() over (
            partition by variant, indicator, breakdown, region
            order by is_at_or_after desc, case when is_at_or_after then year else -year end
        ) as place
    from regional_years
),

past_values as (
    select {{ key }}, at_target_value, late_data from {{ ref('int_past_target_value') }}
    union all
    select
        variant,
        indicator,
        breakdown,
        'region' as area_kind,
        region as area,
        obs_value as at_target_value,
        not is_at_or_after as late_data
    from regional_judged
    where place = 1
),

scoped as (
    select
        areas.*,
        definitions.kind,
        definitions.target_expression,
        definitions.target_verified,
        target_values.target_value,
        benchmarks.benchmark_value,
        definitions.is_set or target_values.target_value is not null as is_set,
        definitions.scope = 'all' or (definitions.scope = 'EU27' and (areas.area = 'EU27' or areas.area in (
            select ref_area from {{ ref('dim_country_group') }} where group_code = 'EU27' and is_current))) as is_in_scope
    from areas
    inner join {{ ref('int_variant') }} as variants using (variant)
    left join definitions
        on variants.targets_from = definitions.targets_from
        and areas.indicator = definitions.indicator and areas.breakdown = definitions.breakdown
    left join target_values
        on variants.targets_from = target_values.targets_from
        and areas.indicator = target_values.indicator and areas.breakdown = target_values.breakdown
        and areas.area_kind = target_values.area_kind and areas.area = target_values.area
    left join benchmarks
        on variants.targets_from = benchmarks.targets_from
        and areas.indicator = benchmarks.indicator and areas.breakdown = benchmarks.breakdown
)

select
    {{ key }},
    coalesce(scoped.is_set and scoped.is_in_scope, false) as has_target,
    case when scoped.is_set and scoped.is_in_scope then scoped.kind else 'none' end as kind,
    scoped.target_expression,
    scoped.target_verified,
    scoped.target_value,
    case when scoped.target_value is not null then deadlines.target_year end as target_year,
    case when not scoped.is_in_scope then scoped.benchmark_value end as benchmark_value,
    deadlines.is_past and scoped.target_value is not null as is_past,
    case when scoped.target_value is not null then past_values.at_target_value end as at_target_value,
    coalesce(past_values.late_data, false) as late_data
from scoped
inner join {{ ref('int_target_deadline') }} as deadlines using (variant, indicator)
left join past_values using ({{ key }})
