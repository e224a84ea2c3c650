-- W18, hazardous waste per person, kg, as published. Regional value: 1000 * tonnes over persons. A biennial series.
with per_person as ({{ series_values('EN_HAZ_PCAP') }}),

generated as ({{ series_values('EN_HAZ_GENV') }}),

population as ({{ series_values('SP.POP.TOTL') }})

select
    {{ indicator_columns('w18', 'per_person', numerator='1000 * generated.obs_value',
        denominator='population.obs_value') }}
from per_person
left join generated on per_person.ref_area = generated.ref_area and per_person.time_period = generated.time_period
left join population on per_person.ref_area = population.ref_area and per_person.time_period = population.time_period
