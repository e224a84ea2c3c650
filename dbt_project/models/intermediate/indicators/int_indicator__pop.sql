-- Population. Denominator of per-person rates; an entry of its own because it is not an indicator of circularity.
with population as ({{ series_values('SP.POP.TOTL') }})

select {{ indicator_columns('pop', 'population', numerator='population.obs_value') }}
from population
