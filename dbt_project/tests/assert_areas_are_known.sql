-- Every area a provider names is in dim_area: an unknown one fails here, it never vanishes (faults S01, S04).
-- What to do: add the code to connectors/reference/area_codes.csv (and the area to areas.csv), with its source.
select provider, dataset, source_ref_area, count(*) as n_rows
from {{ ref('int_observation') }}
where ref_area is null
group by provider, dataset, source_ref_area
