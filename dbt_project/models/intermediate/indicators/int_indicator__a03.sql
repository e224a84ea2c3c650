-- A03, domestic material consumption per unit of GDP, kg per United States dollar of 2015, as published. Regional
-- value: kilograms over the GDP which tonnes and rate imply, because no source of constant-price GDP is connected.
{{ published_rate('a03', material_values('EN_MAT_DOMCMPG'), factor=1000, numerator=material_values('EN_MAT_DOMCMPT'),
    denominator='select * from ' ~ ref('int_indicator__gdp_kd')) }}
