-- The years of a region: how many of its members brought a point, whether that is enough for a regional value (is_point:
-- the rules of publication of methodology 3.3), whether a break enters with a weight that counts, and the year's place
-- in the region's grid. The grid of an annual or biennial series is every year anyone reported; of an irregular one,
-- the years in which enough did: a year in which few answered is no collection.
with sizes as (
    select membership_from, indicator, region, count(*) as n_members
    from {{ ref('int_panel_region_member') }}
    group by membership_from, indicator, region
),

populations as (
    select members.membership_from, members.indicator, members.region, cells.year, sum(cells.obs_value) as population
    from {{ ref('int_panel_region_member') }} as members
    inner join {{ ref('int_cell') }} as cells
        on members.ref_area = cells.ref_area and cells.indicator = 'POP' and cells.breakdown = '_T'
    group by members.membership_from, members.indicator, members.region, cells.year
),

ways as (
    select distinct points, membership_from, rule_family, indicator, is_weighted
    from {{ ref('int_panel_setting') }}
),

grid as (
    select distinct points, rule_family, indicator, breakdown, year from {{ ref('int_panel_region_point') }}
),

counted as (
    select
        points,
        rule_family,
        indicator,
        breakdown,
        region,
        year,
        count(*) as n_countries,
        sum(population) as population,
        sum(weight) filter (where is_break) / nullif(sum(weight), 0) as break_share
    from {{ ref('int_panel_region_point') }}
    group by points, rule_family, indicator, breakdown, region, year
),

judged as (
    select
        grid.points,
        grid.rule_family,
        grid.indicator,
        grid.breakdown,
        sizes.region,
        grid.year,
        registry.frequency,
        {{ region_minimum('sizes.region', 'sizes.n_members', 'registry.min_countries') }} as min_countries,
        coalesce(counted.n_countries, 0) as n_countries,
        populations.population,
        counted.population / populations.population as coverage_pop,
        coalesce(counted.break_share >= {{ parameter('break_limit') }}, false) as is_break,
        ways.is_weighted,
        ways.is_weighted and registry.scope = 'E' and sizes.region = 'UNECE' as is_outside_scope
    from grid
    inner join ways
        on grid.points = ways.points and grid.rule_family = ways.rule_family and grid.indicator = ways.indicator
    inner join {{ ref('int_registry') }} as registry on grid.indicator = registry.indicator
    inner join sizes on ways.membership_from = sizes.membership_from and grid.indicator = sizes.indicator
    left join populations
        on ways.membership_from = populations.membership_from and grid.indicator = populations.indicator
        and sizes.region = populations.region and grid.year = populations.year
    left join counted
        on grid.points = counted.points and grid.rule_family = counted.rule_family
        and grid.indicator = counted.indicator and grid.breakdown = counted.breakdown
        and sizes.region = counted.region and grid.year = counted.year
),

decided as (
    select
        *,
        n_countries >= min_countries and not is_outside_scope
            and (not is_weighted or coalesce(coverage_pop >= {{ parameter('min_coverage_pop') }}, false)) as is_point
    from judged
)

select
    points,
    rule_family,
    indicator,
    breakdown,
    region,
    year,
    n_countries,
    min_countries,
    population,
    is_break,
    is_point,
    case when frequency <> 'I' or is_point then row_number() over (
        partition by points, rule_family, indicator, breakdown, region, frequency <> 'I' or is_point
        order by year) end as grid_place
from decided
