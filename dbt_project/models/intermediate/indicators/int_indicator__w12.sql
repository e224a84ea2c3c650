-- W12, plastic packaging waste per person, kg, as published. Regional value: 1000 * tonnes over persons; where the
-- tonnes are not connected the rate times population stands for them.
{% set generated = dimension('waste') ~ " = 'W150102' and " ~ dimension('wst_oper') ~ " = 'GEN'" %}
{{ published_rate('w12', series_values('CEI_PC050', generated), factor=1000, implied=true,
    numerator=part_values('ENV_WASPAC', generated ~ " and " ~ dimension('unit') ~ " = 'T'"),
    denominator=part_values('SP.POP.TOTL')) }}
