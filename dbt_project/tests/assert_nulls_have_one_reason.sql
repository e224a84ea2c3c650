-- A value or a reason, never both and never neither (methodology 4).
select indicator, ref_area, time_period, obs_value, null_reason
from {{ ref('fct_observation') }}
where (obs_value is null) <> (null_reason is not null)
