-- P10, environmental taxes, per cent of GDP, as published by Eurostat. The regional value weighs the shares by GDP at
-- current prices: revenue is in euro, GDP here in United States dollars, and two currencies make no ratio.
{% set shares = dimension('tax') ~ " = 'ENV' and " ~ dimension('unit') ~ " = 'PC_GDP'" %}
{{ published_rate('p10', series_values('ENV_AC_TAX', shares), denominator=part_values('NY.GDP.MKTP.CD')) }}
