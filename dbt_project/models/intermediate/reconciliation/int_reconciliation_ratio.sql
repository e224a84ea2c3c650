-- Our own weighted values of UNSD's M49 regions, out of all countries of the world: one row an indicator, region and
-- year, for the indicators that a reconciled series is compared with as a ratio (reconciled_series). matched: sum over
-- sum, countries with both; full: the denominator of all members (methodology 3.3).
with weighted as (
    select distinct weighted_indicator as indicator
    from {{ ref('reconciled_series') }}
),

withheld as (
    select indicator, ref_area, time_period from {{ ref('int_magnitude') }} where breakdown = '_T'
),

cells as (
    select
        published.indicator,
        published.ref_area,
        published.year,
        case when withheld_part.indicator is null then published.numerator end as numerator,
        published.denominator
    from {{ ref('int_indicator_value') }} as published
    inner join weighted on published.indicator = weighted.indicator
    inner join {{ ref('int_registry') }} as registry on published.indicator = registry.indicator
    left join withheld
        on published.indicator = withheld.indicator
        and published.ref_area = withheld.ref_area and published.time_period = withheld.time_period
    left join withheld as withheld_part
        on registry.numerator_entry = withheld_part.indicator
        and published.ref_area = withheld_part.ref_area and published.time_period = withheld_part.time_period
    where published.breakdown = '_T' and published.null_reason is null
        and not published.is_zero_ambiguous and withheld.indicator is null
),

years as (
    select distinct indicator, year from cells where numerator is not null
),

members as (
    select
        years.indicator,
        regions.region_area as region,
        regions.ref_area,
        years.year,
        cells.numerator,
        cells.denominator,
        entries.obs_value as full_denominator
    from years
    inner join {{ ref('int_registry') }} as registry on years.indicator = registry.indicator
    cross join {{ ref('m49_region_members') }} as regions
    left join cells
        on years.indicator = cells.indicator and regions.ref_area = cells.ref_area and years.year = cells.year
    left join {{ ref('int_indicator_value') }} as entries
        on registry.denominator_entry = entries.indicator and entries.breakdown = '_T'
        and regions.ref_area = entries.ref_area and years.year = entries.year
)

select
    indicator,
    region,
    year,
    count(*) filter (where numerator is not null and denominator is not null) as n_countries,
    {{ ordered_sum('numerator', 'ref_area') }} filter (where denominator is not null)
        / nullif({{ ordered_sum('denominator', 'ref_area') }} filter (where numerator is not null), 0) as matched_value,
    {{ ordered_sum('numerator', 'ref_area') }} filter (where full_denominator is not null)
        / nullif({{ ordered_sum('full_denominator', 'ref_area') }}, 0) as full_value
from members
group by indicator, region, year
