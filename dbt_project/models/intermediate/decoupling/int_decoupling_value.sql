-- Pressure and gross domestic product of each member State and year, where both are known (methodology 3.7). Pressure from
-- production is domestic material consumption (A01); from consumption, the footprint: A06 times population. GDP is at
-- constant prices, of one price base a row: the World Bank's, where it came, and the one which material consumption and
-- its rate imply. Sorted, because a sum of floating-point numbers depends on their order.
with cells as (
    select indicator, ref_area, year, obs_value
    from {{ ref('fct_observation') }}
    where area_kind = 'country' and breakdown = '_T' and obs_value is not null and not is_zero_ambiguous
),

pressures as (
    select 'production' as perspective, ref_area, year, obs_value as pressure
    from cells
    where indicator = 'A01'
    union all
    select 'footprint', footprint.ref_area, footprint.year, footprint.obs_value * population.obs_value
    from cells as footprint
    inner join cells as population
        on population.indicator = 'POP'
        and footprint.ref_area = population.ref_area and footprint.year = population.year
    where footprint.indicator = 'A06'
),

products as (
    select 'WORLD_BANK' as gdp_source, ref_area, year, obs_value as gdp, unit_measure as gdp_unit
    from {{ ref('int_observation') }}
    where series = 'NY.GDP.MKTP.PP.KD' and area_kind = 'country' and obs_value is not null and conf_status = 'F'
    union all
    select 'IMPLIED', cells.ref_area, cells.year, cells.obs_value, registry.unit_measure
    from cells
    inner join {{ ref('int_registry') }} as registry on cells.indicator = registry.indicator
    where cells.indicator = 'GDP_KD'
)

select
    pressures.perspective,
    products.gdp_source,
    pressures.ref_area,
    pressures.year,
    pressures.pressure,
    products.gdp,
    products.gdp_unit
from pressures
inner join products on pressures.ref_area = products.ref_area and pressures.year = products.year
where pressures.year between {{ parameter('first_year') }} and {{ reference_year() }}
order by pressures.perspective, products.gdp_source, pressures.ref_area, pressures.year
