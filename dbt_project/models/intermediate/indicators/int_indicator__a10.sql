-- A10, material import dependency, per cent, as published: 100 * IMP / (DE + IMP). Imports and extraction in tonnes
-- are not connected, so that the regional ratio has no weight.
{{ published_series('a10', 'CEI_GSR030', where=dimension('material') ~ " = 'TOTAL'") }}
