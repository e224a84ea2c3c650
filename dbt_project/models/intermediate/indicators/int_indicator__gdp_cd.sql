-- Gross domestic product at current prices in current United States dollars. Denominator of P09.
{{ published_series('gdp_cd', 'NY.GDP.MKTP.CD', own_numerator=true) }}
