-- W15, food waste of households, food services and retail per person, kg, as published. Regional value: 1000 * tonnes
-- over persons.
{% set all_sectors = dimension('Food Waste Sector') ~ " = 'ALL'" %}
{{ published_rate('w15', series_values('AG_FOOD_WST_PC', all_sectors), factor=1000,
    numerator=part_values('AG_FOOD_WST', all_sectors), denominator=part_values('SP.POP.TOTL')) }}
