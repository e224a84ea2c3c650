-- W07, municipal recycling rate of the SDG database, per cent, as published. Regional value: tonnes recycled over
-- tonnes generated of the same database.
with rate as ({{ series_values('EN_MWT_RCYR') }}),

recycled as ({{ series_values('EN_MWT_RCYV') }}),

generated as ({{ series_values('EN_MWT_GENV') }})

select
    {{ indicator_columns('w07', 'rate', numerator='100 * recycled.obs_value', denominator='generated.obs_value') }}
from rate
left join recycled on rate.ref_area = recycled.ref_area and rate.time_period = recycled.time_period
left join generated on rate.ref_area = generated.ref_area and rate.time_period = generated.time_period
