-- W13, recycling rate of packaging waste, per cent, as published. Regional value: tonnes recycled over tonnes
-- generated.
{% set waste = dimension('waste') ~ " = 'W1501'" %}
{% set tonnes = waste ~ " and " ~ dimension('unit') ~ " = 'T' and " ~ dimension('wst_oper') %}
{{ published_rate('w13', series_values('CEI_WM020', waste), factor=100,
    numerator=part_values('ENV_WASPAC', tonnes ~ " = 'RCY'"),
    denominator=part_values('ENV_WASPAC', tonnes ~ " = 'GEN'")) }}
