-- P04, information sent under the Basel Convention, per cent of what a party owes, as published. No weight exists:
-- the custodian's own regional rows are means over parties.
with reporting as ({{ series_values('SG_HAZ_CMRBASEL') }})

select {{ indicator_columns('p04', 'reporting') }}
from reporting
