-- W10, recycling rate of all waste without major mineral waste, per cent, as published. The rate is corrected for
-- trade in waste, the connected tonnes are not: they are another ratio, and the regional one has no weight. A
-- biennial series.
{{ published_series('w10', 'CEI_WM010', where=dimension('wst_oper') ~ " = 'RCV_R'") }}
