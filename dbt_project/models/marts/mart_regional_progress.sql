-- The yearly table: one row a published region, indicator and breakdown, with the regional value under the registry's own
-- rule and under every other one beside it, the assessment by M1, the four methods' colours and their agreement, and how
-- many countries have each colour of M1. An indicator of k components weighs 1/k in each when targets are counted.
-- Values of all reporters, and beside them the two ends of the fixed panel from base to latest (panel_…): where they go
-- apart, what looks like a change is a change of reporters. Every year of the panels stands in fct_aggregate.
with aggregates as (
    select * from {{ ref('fct_aggregate') }} where panel = 'all'
),

headline as (
    select * from aggregates where is_headline
),

latest as (
    select indicator, breakdown, region, max(year) as latest_year
    from headline
    where obs_value is not null
    group by indicator, breakdown, region
),

-- The last year in which anyone reported stands in where no headline value may be published.
latest_any as (
    select indicator, breakdown, region, max(year) as latest_year
    from aggregates
    where agg_rule = 'COUNT' and n_countries > 0
    group by indicator, breakdown, region
),

years as (
    select any_year.indicator, any_year.breakdown, any_year.region, coalesce(latest.latest_year, any_year.latest_year) as latest_year
    from latest_any as any_year
    left join latest
        on any_year.indicator = latest.indicator and any_year.breakdown = latest.breakdown and any_year.region = latest.region
),

-- Rule 8 on the headline series: the base year, else the first later year, else the nearest earlier one.
base as (
    select indicator, breakdown, region, year as base_year, obs_value as base_value
    from (
        select
            *,
            row_number() over (
                partition by indicator, breakdown, region
                order by
                    case when year >= {{ parameter('base_year') }} then 0 else 1 end,
                    abs(year - {{ parameter('base_year') }})
            ) as place
        from headline
        where obs_value is not null
    ) as ranked
    where place = 1
),

rules as (
    select
        indicator,
        breakdown,
        region,
        year,
        {% for rule in ['SUM', 'RSUM_MATCHED', 'RSUM_FULL', 'MEAN', 'MEDIAN', 'COUNT'] %}
        max(case when agg_rule = '{{ rule }}' then obs_value end) as latest_{{ rule | lower }}{{ ',' if not loop.last }}
        {% endfor %}
    from aggregates
    group by indicator, breakdown, region, year
),

breakdowns as (
    select
        indicator,
        breakdown,
        count(*) over (partition by indicator) as n_components,
        max(case when breakdown = '_T' then 1 else 0 end) over (partition by indicator) = 1 as has_total
    from (select distinct indicator, breakdown from {{ ref('fct_observation') }}) as series
),

-- Fragile if a change flips the colour of any of the methods whose agreement is stated.
robustness as (
    select
        indicator,
        breakdown,
        area as region,
        case when sum(n_flips) = 0 then 'robust' else 'fragile' end as robustness
    from {{ ref('fct_robustness') }}
    where area_kind = 'region' and time_window <> 'long'
    group by indicator, breakdown, area
),

-- A colour that rests on a fit across a break is no headline: it counts as grey.
colours as (
    select
        members.region,
        progress.indicator,
        progress.breakdown,
        cast(count(*) filter (where progress.colour = 'green' and progress.is_headline) as integer) as n_green,
        cast(count(*) filter (where progress.colour = 'yellow' and progress.is_headline) as integer) as n_yellow,
        cast(count(*) filter (where progress.colour = 'red' and progress.is_headline) as integer) as n_red,
        cast(count(*) filter (where progress.colour = 'grey' or not progress.is_headline) as integer) as n_grey
    from {{ ref('fct_progress') }} as progress
    inner join {{ ref('int_region_member') }} as members
        on progress.indicator = members.indicator
        and progress.area = members.ref_area
    where progress.area_kind = 'country' and progress.method = 'M1'
    group by members.region, progress.indicator, progress.breakdown
)

select
    groups.region,
    groups.region_name_en,
    groups.region_order,
    registry.indicator,
    breakdowns.breakdown,
    registry.title_en,
    registry.entry_point,
    registry.sdg_target,
    registry.unit_measure,
    registry.direction,
    coalesce(cells.agg_rule, case registry.agg_rule when 'RSUM' then 'RSUM_MATCHED' else registry.agg_rule end) as agg_rule,
    base.base_year,
    base.base_value,
    years.latest_year,
    cells.obs_value as latest_value,
    panel.start_year as panel_base_year,
    panel.start_value as panel_base_value,
    panel.end_year as panel_latest_year,
    panel.end_value as panel_latest_value,
    panel.n_countries as panel_n_countries,
    case when years.latest_year is null then 'NO_DATA' else cells.null_reason end as null_reason,
    cells.obs_status,
    rules.latest_sum,
    rules.latest_rsum_matched,
    rules.latest_rsum_full,
    rules.latest_mean,
    rules.latest_median,
    rules.latest_count,
    coalesce(cells.n_countries, 0) as n_countries,
    groups.n_members,
    cells.coverage_pop,
    cells.imputed_share,
    progress.status,
    progress.colour,
    progress.reason,
    progress.n_countries as n_assessed_countries,
    progress.i0 as progress_base,
    progress.icr as progress_latest,
    progress.it as progress_prediction,
    progress.target_value,
    progress.target_year,
    progress.target_expression,
    progress.target_verified,
    progress.p,
    progress.csi,
    {% for method in ['m1', 'm2', 'm3', 'm4'] %}
    agreement.{{ method }}_status,
    agreement.{{ method }}_colour,
    {% endfor %}
    agreement.modal_colour,
    agreement.agreement,
    coalesce(agreement.is_contradiction, false) as is_contradiction,
    robustness.robustness,
    case
        when breakdowns.breakdown = '_T' then 1.0
        when breakdowns.has_total then 0.0
        else 1.0 / breakdowns.n_components
    end as component_weight,
    coalesce(colours.n_green, 0) as n_green,
    coalesce(colours.n_yellow, 0) as n_yellow,
    coalesce(colours.n_red, 0) as n_red,
    coalesce(colours.n_grey, 0) as n_grey
from {{ ref('int_published_region') }} as groups
inner join {{ ref('dim_indicator') }} as registry on groups.indicator = registry.indicator
inner join breakdowns on registry.indicator = breakdowns.indicator
left join years
    on registry.indicator = years.indicator and breakdowns.breakdown = years.breakdown and groups.region = years.region
left join headline as cells
    on registry.indicator = cells.indicator and breakdowns.breakdown = cells.breakdown
    and groups.region = cells.region and years.latest_year = cells.year
left join base
    on registry.indicator = base.indicator and breakdowns.breakdown = base.breakdown and groups.region = base.region
left join rules
    on registry.indicator = rules.indicator and breakdowns.breakdown = rules.breakdown
    and groups.region = rules.region and years.latest_year = rules.year
left join {{ ref('fct_progress') }} as progress
    on progress.area_kind = 'region' and progress.method = 'M1'
    and registry.indicator = progress.indicator and breakdowns.breakdown = progress.breakdown and groups.region = progress.area
-- M3 judges the window from base to latest, on its panel.
left join {{ ref('fct_progress') }} as panel
    on panel.area_kind = 'region' and panel.method = 'M3' and panel.time_window = 'base'
    and registry.indicator = panel.indicator and breakdowns.breakdown = panel.breakdown and groups.region = panel.area
left join {{ ref('fct_agreement') }} as agreement
    on agreement.area_kind = 'region'
    and registry.indicator = agreement.indicator and breakdowns.breakdown = agreement.breakdown
    and groups.region = agreement.area
left join robustness
    on registry.indicator = robustness.indicator and breakdowns.breakdown = robustness.breakdown
    and groups.region = robustness.region
left join colours
    on registry.indicator = colours.indicator and breakdowns.breakdown = colours.breakdown and groups.region = colours.region
where registry.direction <> 0
