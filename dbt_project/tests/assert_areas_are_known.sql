-- Every area a provider names is in dim_area: an unknown one fails here, it never vanishes (faults S01, S04).
-- The same holds for a code outside its years: a former country does not send new figures.
-- What to do: add the code to connectors/reference/area_codes.csv (and the area to areas.csv), with its source.
select provider, dataset, source_ref_area, min(time_period) as first_year, max(time_period) as last_year, sum(n_rows) as n_rows
from {{ ref('int_received_code') }}
where ref_area is null
group by provider, dataset, source_ref_area
