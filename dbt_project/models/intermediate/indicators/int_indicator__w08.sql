-- W08, municipal waste landfilled or otherwise disposed of, per cent of municipal waste generated, from the tonnes of
-- Eurostat's municipal waste data set: 100 * DSP_L_OTH / GEN.
{{ derived_rate('w08', series_values('ENV_WASMUN', dimension('wst_oper') ~ " = 'DSP_L_OTH'"),
    series_values('ENV_WASMUN', dimension('wst_oper') ~ " = 'GEN'"), 100, '%',
    'Derived: municipal waste landfilled or otherwise disposed of over generated') }}
