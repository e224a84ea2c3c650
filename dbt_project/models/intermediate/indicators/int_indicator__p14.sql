-- P14, tables of standard tourism accounts in use, number, as published (SDG 12.b.1, UN Tourism): the total and, as
-- breakdowns, the tables of the Tourism Satellite Account and of the environmental-economic accounts. Zero is a value.
{{ published_parts('p14', {
    '_T': series_values('ST_EEV_STDACCT'),
    'ACCTSA': series_values('ST_EEV_ACCTSA'),
    'ACCSEEA': series_values('ST_EEV_ACCSEEA')}, own_numerator=true) }}
