-- P07, information sent under the Montreal Protocol, per cent of what a party owes, as published (SDG 12.4.1). No
-- weight exists: the custodian's own regional rows are means over parties.
{{ published_series('p07', 'SG_HAZ_CMRMNTRL') }}
