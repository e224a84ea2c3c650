-- A02, domestic material consumption per person, tonnes, as published. Its regional value is tonnes over population.
with per_person as ({{ series_values('EN_MAT_DOMCMPC') }}),

consumption as ({{ series_values('EN_MAT_DOMCMPT') }}),

population as ({{ series_values('SP.POP.TOTL') }})

select
    {{ indicator_columns('a02', 'per_person', numerator='nullif(consumption.obs_value, 0)',
        denominator='population.obs_value', zero_ambiguous='coalesce(per_person.obs_value = 0, false)') }}
from per_person
left join consumption
    on per_person.ref_area = consumption.ref_area and per_person.time_period = consumption.time_period
left join population
    on per_person.ref_area = population.ref_area and per_person.time_period = population.time_period
