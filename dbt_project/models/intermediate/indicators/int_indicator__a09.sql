-- A09, circular material use rate, per cent, as published by Eurostat: CMU = 100 * U / M with M = DMC + U.
-- The regional value weighs by M, so U is taken back from the rate: U = DMC * CMU / (100 - CMU) (methodology 3.2).
with rate as ({{ series_values('CEI_SRM030') }}),

consumption as ({{ part_values('EN_MAT_DOMCMPT', is_material()) }}),

used as (
    select
        rate.*,
        consumption.obs_value as dmc,
        consumption.obs_value * {{ free_value('rate') }} / nullif(100 - rate.obs_value, 0) as u
    from rate
    left join consumption on rate.ref_area = consumption.ref_area and rate.time_period = consumption.time_period
)

select {{ indicator_columns('a09', 'used', numerator='100 * used.u', denominator='used.dmc + used.u') }}
from used
