-- A08, resource productivity, purchasing power standards per kg, as published. Regional value: GDP over material
-- consumption, GDP taken back from the rate: GDP = rate * 1000 * tonnes (methodology 3.2). The index of the same data
-- set is a series of its own (A08_I00).
{{ published_rate('a08', series_values('CEI_PC030', dimension('unit') ~ " = 'PPS_KG'"), denominator_factor=1000,
    denominator=part_values('EN_MAT_DOMCMPT', is_material())) }}
