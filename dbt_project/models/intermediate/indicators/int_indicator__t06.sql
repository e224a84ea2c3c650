-- T06, companies that publish a sustainability report, number, as published (SDG 12.6.1), all activities and both
-- levels of requirement. A published zero may mean missing.
{{ published_series('t06', 'EN_SCP_FRMN',
    dimension('Activity') ~ " = 'TOTAL' and " ~ dimension('Level of requirement') ~ " = 'TOTAL'", own_numerator=true) }}
