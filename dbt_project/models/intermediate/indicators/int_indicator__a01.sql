-- A01, domestic material consumption, tonnes, as published. UNSD/UNEP, SDG 12.2.2.
{{ published_values('a01', series_values('EN_MAT_DOMCMPT', is_material()), own_numerator=true) }}
