-- W07_SIMPLE, municipal recycling rate without trade terms: 100 * RCY / GEN (methodology 3.2). A series of its own:
-- it is never spliced with W07_TRADE nor with the published rate, W07.
{{ derived_rate('w07_simple', series_values('EN_MWT_RCYV'), series_values('EN_MWT_GENV'), 100, '%',
    'Derived: municipal waste recycled over generated, without trade terms') }}
