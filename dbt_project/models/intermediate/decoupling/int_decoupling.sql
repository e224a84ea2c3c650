-- Decoupling by Tapio (methodology 3.7): elasticity = change of pressure / change of GDP, both in per cent between two means
-- of three years, and its class. Below the bound of growth neither is given, for GDP that hardly moves makes any
-- elasticity. `decoupling_class` is the class or, where there is none, the reason.
with changes as (
    select
        perspective,
        gdp_source,
        area_kind,
        area,
        span_years,
        base_shift,
        start_year,
        end_year,
        n_countries,
        n_members,
        coverage_pop,
        null_reason,
        100 * (pressure_end - pressure_start) / pressure_start as pressure_change,
        100 * (gdp_end - gdp_start) / gdp_start as gdp_change
    from {{ ref('int_decoupling_window') }}
),

elastic as (
    select
        *,
        case
            when abs(gdp_change) < {{ parameter('decoupling_min_growth') }} then null
            -- A zero over a negative number is a zero without a sign.
            when pressure_change = 0 then 0
            else pressure_change / gdp_change
        end as elasticity
    from changes
)

select
    perspective,
    gdp_source,
    area_kind,
    area,
    span_years,
    base_shift,
    start_year,
    end_year,
    n_countries,
    n_members,
    coverage_pop,
    pressure_change,
    gdp_change,
    elasticity,
    {{ decoupling_class('decoupling_min_growth') }} as decoupling_class,
    {{ decoupling_class('decoupling_min_growth_strict') }} as decoupling_class_strict
from elastic
