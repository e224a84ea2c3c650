-- A01, domestic material consumption, tonnes, as published. UNSD/UNEP, SDG 12.2.2.
with consumption as ({{ series_values('EN_MAT_DOMCMPT') }})

select
    {{ indicator_columns('a01', 'consumption', numerator='consumption.obs_value',
        zero_ambiguous='coalesce(consumption.obs_value = 0, false)') }}
from consumption
