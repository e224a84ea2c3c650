-- Gross domestic product at constant prices in United States dollars of 2015, implied: 1000 * tonnes of material
-- consumption over consumption per unit of GDP in kg (methodology 2), because no source of it is connected. Denominator
-- of A03 and W19.
with derived as (
    {{ derived_values(series_values('EN_MAT_DOMCMPT', is_material()),
        series_values('EN_MAT_DOMCMPG', is_material()), 1000, 'USD_2015',
        'Implied: domestic material consumption over consumption per unit of GDP') }}
)

select {{ indicator_columns('gdp_kd', 'derived', numerator='derived.obs_value', reason='derived.null_reason') }}
from derived
