-- A03, domestic material consumption per unit of GDP, kg per United States dollar of 2015, as published. Regional
-- value: kilograms over the GDP which tonnes and rate imply, because no source of constant-price GDP is connected.
{{ published_rate('a03', series_values('EN_MAT_DOMCMPG', is_material()), factor=1000,
    numerator=part_values('EN_MAT_DOMCMPT', is_material()),
    denominator='select * from ' ~ ref('int_indicator__gdp_kd') ~ ' where not is_zero_ambiguous') }}
