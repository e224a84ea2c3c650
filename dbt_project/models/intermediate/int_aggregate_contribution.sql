-- What each member of a region brings to its regional values (methodology 3.3): one row an indicator, breakdown,
-- region, grid year and member, whether the member reported or not. A biennial series has its even years only, an
-- irregular one the years in which anyone answered; nothing is carried forward. Sorted, because a sum of floating-point
-- numbers depends on their order: a data set that no indicator uses must not move the last digit of a published value.
with cells as (
    select
        indicator,
        breakdown,
        ref_area,
        year,
        case when not is_zero_ambiguous then obs_value end as obs_value,
        case when not is_zero_ambiguous then numerator end as numerator,
        denominator,
        obs_status,
        nature,
        conf_status <> 'F' as is_suppressed
    from {{ ref('int_cell') }}
    where area_kind = 'country'
),

grid as (
    select distinct cells.indicator, cells.breakdown, cells.year
    from cells
    inner join {{ ref('int_registry') }} as registry on cells.indicator = registry.indicator
    where cells.obs_value is not null and (registry.frequency <> 'B' or cells.year % 2 = 0)
)

select
    members.indicator,
    grid.breakdown,
    members.region,
    members.ref_area,
    grid.year,
    cells.obs_value,
    trade.intra_value,
    cells.numerator,
    cells.denominator,
    entries.obs_value as full_denominator,
    population.obs_value as population,
    {{ is_imputed('cells') }} as is_imputed,
    coalesce(cells.obs_status = 'P', false) as is_provisional,
    coalesce(cells.obs_status = 'B', false) as is_break,
    coalesce(cells.is_suppressed, false) as is_suppressed
from {{ ref('int_region_member') }} as members
inner join {{ ref('int_registry') }} as registry on members.indicator = registry.indicator
inner join grid on members.indicator = grid.indicator
left join cells
    on grid.indicator = cells.indicator and grid.breakdown = cells.breakdown
    and members.ref_area = cells.ref_area and grid.year = cells.year
-- Denominators which exist for every member, reporter or not: population and gross domestic product.
left join cells as entries
    on registry.denominator_entry = entries.indicator and entries.breakdown = '_T'
    and members.ref_area = entries.ref_area and grid.year = entries.year
left join cells as population
    on population.indicator = 'POP' and population.breakdown = '_T'
    and members.ref_area = population.ref_area and grid.year = population.year
left join {{ ref('int_trade_intra_group') }} as trade
    on grid.indicator = trade.indicator and grid.breakdown = trade.breakdown
    and members.region = trade.region and members.ref_area = trade.ref_area and grid.year = trade.year
order by members.indicator, grid.breakdown, members.region, grid.year, members.ref_area
