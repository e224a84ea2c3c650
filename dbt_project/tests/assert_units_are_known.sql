-- Every series has a declared unit: an unknown pair fails here (fault V07, methodology 3.1).
-- What to do: find out what the unit means and add the pair to seeds/unit_conversions.csv, with its factor.
select provider, dataset, series, source_unit, sum(n_rows) as n_rows
from {{ ref('int_received_code') }}
where unit_measure is null
group by provider, dataset, series, source_unit
