-- Gross domestic product at current prices in current United States dollars. Denominator of P09.
with gdp as ({{ series_values('NY.GDP.MKTP.CD') }})

select {{ indicator_columns('gdp_cd', 'gdp', numerator='gdp.obs_value') }}
from gdp
