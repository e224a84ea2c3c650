-- W25, recycling rate of separately collected electrical and electronic waste, per cent, as published. Never
-- aggregated.
{{ published_series('w25', 'CEI_WM060') }}
