-- W06, municipal recycling rate by the EU definition, per cent, as published. Regional value: tonnes recycled over
-- tonnes generated, both of Eurostat's own municipal waste data set.
{{ published_rate('w06', series_values('CEI_WM011'), factor=100,
    numerator=part_values('ENV_WASMUN', dimension('wst_oper') ~ " = 'RCY'"),
    denominator=part_values('ENV_WASMUN', dimension('wst_oper') ~ " = 'GEN'")) }}
