-- T05, hazardous waste exported and imported, tonnes, as published (SDG 12.4.2), each flow a breakdown. No total:
-- exports and imports are not added up.
{{ published_parts('t05', {
    'EXP': series_values('EN_HAZ_EXP'),
    'IMP': series_values('EN_HAZ_IMP')}, own_numerator=true) }}
