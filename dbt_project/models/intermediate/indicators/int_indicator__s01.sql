-- S01, gross value added of circular economy sectors, per cent of GDP, as published by Eurostat (cei_cie012).
-- The regional value weighs the shares by GDP at current prices: the published shares have one decimal, so that a GDP
-- in euro implied by them would be far off where they are small.
{% set shares = dimension('indic_env') ~ " = 'GVA' and " ~ dimension('unit') ~ " = 'PC_GDP'" %}
{{ published_rate('s01', series_values('CEI_CIE012', shares), denominator=part_values('NY.GDP.MKTP.CD')) }}
