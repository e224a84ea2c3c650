-- P09, fossil-fuel subsidies as a share of GDP, per cent: 100 * subsidies / GDP, both in current United States dollars
-- (methodology 2). The published share is a comparator only: its unit is not the same for all countries. A published
-- zero may mean missing.
{{ derived_rate('p09', series_values('ER_FFS_CMPT_CD'), series_values('NY.GDP.MKTP.CD'), 100, '%',
    'Derived: fossil-fuel subsidies over GDP at current prices') }}
