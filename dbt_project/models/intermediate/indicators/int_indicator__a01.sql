-- A01, domestic material consumption, tonnes, as published. UNSD/UNEP, SDG 12.2.2.
{{ published_values('a01', material_values('EN_MAT_DOMCMPT'), own_numerator=true) }}
