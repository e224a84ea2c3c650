-- B01, greenhouse gases from production activities, kilograms of carbon dioxide equivalent per person, as published by
-- Eurostat (cei_gsr011). The regional value weighs the rates by population.
{% set emissions = dimension('airpol') ~ " = 'GHG' and " ~ dimension('nace_r2') ~ " = 'TOTAL'" %}
{{ published_rate('b01', series_values('CEI_GSR011', emissions), denominator=part_values('SP.POP.TOTL')) }}
