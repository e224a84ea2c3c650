-- W06, municipal recycling rate by the EU definition, per cent, as published. Regional value: tonnes recycled over
-- tonnes generated, both of Eurostat's own municipal waste data set.
with rate as ({{ series_values('CEI_WM011') }}),

recycled as ({{ series_values('ENV_WASMUN', dimension('wst_oper') ~ " = 'RCY'") }}),

generated as ({{ series_values('ENV_WASMUN', dimension('wst_oper') ~ " = 'GEN'") }})

select
    {{ indicator_columns('w06', 'rate', numerator='100 * recycled.obs_value', denominator='generated.obs_value') }}
from rate
left join recycled on rate.ref_area = recycled.ref_area and rate.time_period = recycled.time_period
left join generated on rate.ref_area = generated.ref_area and rate.time_period = generated.time_period
