-- W20, hazardous waste treated or disposed of, per cent of hazardous waste generated: 100 * EN_HAZ_TRTDISV /
-- EN_HAZ_GENV (methodology 2). The published share, which few countries have, is a comparator only. A biennial
-- series.
{{ derived_rate('w20', series_values('EN_HAZ_TRTDISV'), series_values('EN_HAZ_GENV'), 100, '%',
    'Derived: hazardous waste treated or disposed of over generated') }}
