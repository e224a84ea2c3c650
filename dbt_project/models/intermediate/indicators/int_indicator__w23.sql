-- W23, e-waste recycling rate, per cent, as countries report it: of what was collected, as W25. Rows of regions
-- divide by what was generated, another definition under the same code, and are left out; nothing is aggregated.
{{ published_series('w23', 'EN_EWT_RCYR', where="area_kind = 'country'") }}
