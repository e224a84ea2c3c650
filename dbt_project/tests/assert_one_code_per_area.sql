-- An area has one code in a series and year (fault S02): EL and GR, UK and GB or XK and XKX beside each other would count
-- it twice. What to do: find out which of the two the provider means, and keep the other out in the staging model.
select
    provider,
    dataset,
    series,
    time_period,
    ref_area,
    min(source_ref_area) as one_code,
    max(source_ref_area) as other_code
from {{ ref('int_received_code') }}
where ref_area is not null
group by provider, dataset, series, time_period, ref_area
having count(distinct source_ref_area) > 1
