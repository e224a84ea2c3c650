-- A09, circular material use rate, per cent, as published by Eurostat: CMU = 100 * U / M with M = DMC + U.
-- The regional value weighs by M, so U is taken back from the rate: U = DMC * CMU / (100 - CMU) (methodology 3.2).
with rate as ({{ series_values('CEI_SRM030') }}),

consumption as ({{ part_values('EN_MAT_DOMCMPT', is_material()) }}),

used as (
    select
        rate.ref_area,
        rate.time_period,
        consumption.obs_value as dmc,
        consumption.obs_value * {{ free_value('rate') }} / nullif(100 - rate.obs_value, 0) as u
    from rate
    inner join consumption on rate.ref_area = consumption.ref_area and rate.time_period = consumption.time_period
)

select {{ indicator_columns('a09', 'rate', numerator='100 * used.u', denominator='used.dmc + used.u') }}
from rate
left join used on rate.ref_area = used.ref_area and rate.time_period = used.time_period
