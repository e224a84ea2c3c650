-- P02, whether a country has instruments for sustainable consumption and production: 1 yes, 0 no, as published
-- (SDG 12.1.1, UNEP). Countries only: in the rows of regions the series is a number of countries. A published zero may
-- mean missing.
{{ published_values('p02', restated_values(series_values('SG_SCP_CNTRY', "area_kind = 'country'"), '0/1')) }}
