-- W19, hazardous waste per unit of GDP, kg per United States dollar of 2015, as published. Regional value: 1000 *
-- tonnes over the GDP which material consumption implies. A biennial series.
{{ published_rate('w19', series_values('EN_HAZ_GENGDP'), factor=1000, numerator=part_values('EN_HAZ_GENV'),
    denominator='select * from ' ~ ref('int_indicator__gdp_kd') ~ ' where not is_zero_ambiguous') }}
