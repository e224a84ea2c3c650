-- W01, waste of all activities and households per person, kg, as published. Regional value: 1000 * tonnes over
-- persons; where the tonnes are not connected the rate times population stands for them. A biennial series.
{% set all_waste = dimension('waste') ~ " = 'TOTAL' and " ~ dimension('hazard') ~ " = 'HAZ_NHAZ' and "
    ~ dimension('nace_r2') ~ " = 'TOTAL_HH'" %}
{{ published_rate('w01', series_values('CEI_PC034', all_waste), factor=1000, implied=true,
    numerator=part_values('ENV_WASGEN', all_waste ~ " and " ~ dimension('unit') ~ " = 'T'"),
    denominator=part_values('SP.POP.TOTL')) }}
