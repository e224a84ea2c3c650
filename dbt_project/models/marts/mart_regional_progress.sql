-- The yearly table: one row a published region and indicator, with the regional value under the registry's own rule,
-- the mean and the median beside it, and the assessment by M1.
with headline as (
    select * from {{ ref('fct_aggregate') }} where is_headline
),

latest as (
    select indicator, region, max(year) as latest_year
    from headline
    where obs_value is not null
    group by indicator, region
),

-- The last year in which anyone reported stands in where no headline value may be published.
latest_any as (
    select indicator, region, max(year) as latest_year
    from {{ ref('fct_aggregate') }}
    where agg_rule = 'COUNT' and n_countries > 0
    group by indicator, region
),

years as (
    select any_year.indicator, any_year.region, coalesce(latest.latest_year, any_year.latest_year) as latest_year
    from latest_any as any_year
    left join latest on any_year.indicator = latest.indicator and any_year.region = latest.region
),

colours as (
    select
        members.region,
        progress.indicator,
        {% for colour in ['green', 'yellow', 'red', 'grey'] %}
        cast(count(*) filter (where progress.colour = '{{ colour }}') as integer) as n_{{ colour }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('fct_progress') }} as progress
    inner join (
        select group_code as region, ref_area from {{ ref('dim_country_group') }} where is_current
    ) as members on progress.area = members.ref_area
    where progress.area_kind = 'country' and progress.method = 'M1'
    group by members.region, progress.indicator
)

select
    groups.group_code as region,
    groups.name_en as region_name_en,
    groups.sort_order as region_order,
    registry.indicator,
    registry.title_en,
    registry.entry_point,
    registry.sdg_target,
    registry.unit_measure,
    registry.direction,
    coalesce(cells.agg_rule, case registry.agg_rule when 'RSUM' then 'RSUM_MATCHED' else registry.agg_rule end) as agg_rule,
    cast({{ parameter('base_year') }} as integer) as base_year,
    base.obs_value as base_value,
    years.latest_year,
    cells.obs_value as latest_value,
    case when years.latest_year is null then 'NO_DATA' else cells.null_reason end as null_reason,
    cells.obs_status,
    means.obs_value as latest_mean,
    medians.obs_value as latest_median,
    coalesce(means.n_countries, 0) as n_countries,
    coalesce(cells.n_members, cast(sizes.n_members as integer)) as n_members,
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
    coalesce(colours.n_green, 0) as n_green,
    coalesce(colours.n_yellow, 0) as n_yellow,
    coalesce(colours.n_red, 0) as n_red,
    coalesce(colours.n_grey, 0) as n_grey
from {{ ref('country_groups') }} as groups
cross join {{ ref('dim_indicator') }} as registry
inner join (
    select group_code, count(*) as n_members from {{ ref('dim_country_group') }} where is_current group by group_code
) as sizes on groups.group_code = sizes.group_code
left join years on registry.indicator = years.indicator and groups.group_code = years.region
left join headline as cells
    on registry.indicator = cells.indicator and groups.group_code = cells.region and years.latest_year = cells.year
left join headline as base
    on registry.indicator = base.indicator
    and groups.group_code = base.region and base.year = {{ parameter('base_year') }}
left join {{ ref('fct_aggregate') }} as means
    on means.agg_rule = 'MEAN'
    and registry.indicator = means.indicator and groups.group_code = means.region and years.latest_year = means.year
left join {{ ref('fct_aggregate') }} as medians
    on medians.agg_rule = 'MEDIAN'
    and registry.indicator = medians.indicator
    and groups.group_code = medians.region and years.latest_year = medians.year
left join {{ ref('fct_progress') }} as progress
    on progress.area_kind = 'region' and progress.method = 'M1'
    and registry.indicator = progress.indicator and groups.group_code = progress.area
left join colours on registry.indicator = colours.indicator and groups.group_code = colours.region
where groups.is_published and registry.direction <> 0
