-- P04, information sent under the Basel Convention, per cent of what a party owes, as published. No weight exists:
-- the custodian's own regional rows are means over parties.
{{ published_series('p04', 'SG_HAZ_CMRBASEL') }}
