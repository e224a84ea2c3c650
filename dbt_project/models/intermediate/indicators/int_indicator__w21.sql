-- W21, hazardous waste recycled, per cent of hazardous waste treated or disposed of: 100 * EN_HAZ_TREATV [RECYCL] /
-- EN_HAZ_TRTDISV (methodology 2). In the known vintages some numerators look like all waste; corrections and gate G1
-- withhold them. A biennial series.
{{ derived_rate('w21', series_values('EN_HAZ_TREATV', dimension('Type of waste treatment') ~ " = 'RECYCL'"),
    series_values('EN_HAZ_TRTDISV'), 100, '%', 'Derived: hazardous waste recycled over treated or disposed of') }}
