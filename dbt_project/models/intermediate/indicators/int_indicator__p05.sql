-- P05, information sent under the Rotterdam Convention, per cent of what a party owes, as published (SDG 12.4.1). No
-- weight exists: the custodian's own regional rows are means over parties.
{{ published_series('p05', 'SG_HAZ_CMRROTDAM') }}
