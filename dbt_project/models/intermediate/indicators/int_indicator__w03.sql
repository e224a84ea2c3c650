-- W03, waste without major mineral waste per unit of GDP, kg per thousand euro of 2010, as published. Neither the
-- tonnes nor that GDP is connected, so that the regional ratio has no weight. A biennial series.
{{ published_series('w03', 'CEI_PC032') }}
