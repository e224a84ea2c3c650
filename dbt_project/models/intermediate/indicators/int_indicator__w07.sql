-- W07, municipal recycling rate of the SDG database, per cent, as published (SDG 12.5.1). Regional value: tonnes
-- recycled over tonnes generated of the same database.
{{ published_rate('w07', series_values('EN_MWT_RCYR'), factor=100,
    numerator=part_values('EN_MWT_RCYV'), denominator=part_values('EN_MWT_GENV')) }}
