-- What each country brings to each regional value under each rule (methodology 3.3): one row an indicator, breakdown, region,
-- year, rule and member, whether the member takes part or not. Sorted, because a sum of floating-point numbers depends
-- on their order: a data set that no indicator uses must not move the last digit of a published value.
with cells as (
    select
        published.indicator,
        published.breakdown,
        published.ref_area,
        published.year,
        case when published.is_zero_ambiguous then null else published.obs_value end as obs_value,
        case
            when published.is_zero_ambiguous or withheld_part.indicator is not null then null
            else published.numerator
        end as numerator,
        published.denominator,
        published.obs_status,
        published.nature
    from {{ ref('int_indicator_value') }} as published
    -- A total that is withheld under its own code is no numerator of another indicator either.
    left join {{ ref('int_registry') }} as parts on published.indicator = parts.indicator
    left join {{ ref('int_magnitude') }} as withheld_part
        on parts.numerator_entry = withheld_part.indicator
        and published.breakdown = withheld_part.breakdown
        and published.ref_area = withheld_part.ref_area
        and published.time_period = withheld_part.time_period
    where published.null_reason is null
        and published.year between {{ parameter('first_year') }} and {{ reference_year() }}
        and not exists (
            select 1 from {{ ref('int_magnitude') }} as withheld
            where withheld.indicator = published.indicator
                and withheld.breakdown = published.breakdown
                and withheld.ref_area = published.ref_area
                and withheld.time_period = published.time_period)
),

-- A biennial series aggregates on its grid years only; an irregular one on the years it was collected.
grid as (
    select distinct cells.indicator, cells.breakdown, cells.year
    from cells
    inner join {{ ref('int_registry') }} as registry on cells.indicator = registry.indicator
    where registry.frequency <> 'B' or cells.year % 2 = 0
),

entries as (
    -- Denominators which exist for every member, reporter or not.
    select 'POP' as entry, ref_area, year, obs_value from cells where indicator = 'POP'
    union all
    select 'GDP_CD' as entry, ref_area, year, obs_value from cells where indicator = 'GDP_CD'
),

members as (
    select
        members.indicator,
        grid.breakdown,
        members.region,
        members.region_kind,
        members.ref_area,
        grid.year,
        cells.obs_value,
        cells.numerator,
        cells.denominator,
        entries.obs_value as full_denominator,
        population.obs_value as population,
        cells.obs_status,
        coalesce(cells.obs_status in ('E', 'I', 'F') or cells.nature in ('E', 'M', 'G'), false) as is_imputed,
        coalesce(cells.obs_status = 'P', false) as is_provisional,
        coalesce(cells.obs_status = 'B', false) as is_break
    from {{ ref('int_region_member') }} as members
    inner join {{ ref('int_registry') }} as registry on members.indicator = registry.indicator
    inner join grid on members.indicator = grid.indicator
    left join cells
        on grid.indicator = cells.indicator and grid.breakdown = cells.breakdown and members.ref_area = cells.ref_area and grid.year = cells.year
    left join entries
        on entries.entry = registry.denominator_entry
        and members.ref_area = entries.ref_area and grid.year = entries.year
    left join entries as population
        on population.entry = 'POP' and members.ref_area = population.ref_area and grid.year = population.year
)

select *, 'SUM' as agg_rule, obs_value is not null as takes_part, obs_value as weight
from members
union all
select *, 'RSUM_MATCHED', numerator is not null and denominator is not null, denominator
from members
union all
select *, 'RSUM_FULL', numerator is not null and full_denominator is not null, full_denominator
from members
union all
select *, 'MEAN', obs_value is not null, 1
from members
union all
select *, 'MEDIAN', obs_value is not null, 1
from members
union all
select *, 'COUNT', obs_value is not null, 1
from members
order by agg_rule, indicator, breakdown, region, year, ref_area
