-- M3, UN progress chart (methodology 3.4), one row a variant and area, from base to latest. With a target, on the share
-- of the way that the present pace will have gone at the deadline: v_e = v_t (1 + CAGR)^(T - t),
-- ratio = (v_e - v_b) / (TV - v_b); without one, on D CAGR. As near as one percentage point to the desired end of a
-- scale from 0 to 100 counts as achieved. Zeros and a base that had met the target: as in M2.
with thresholds as (
    {{ method_thresholds([
        'm3_strong_ratio', 'm3_moderate_ratio', 'm3_strong_rate', 'm3_moderate_rate', 'm3_near_bound']) }}
),

growth as (
    select
        growth.*,
        thresholds.* exclude (variant),
        case
            when growth.opening_status is not null then growth.opening_status
            when {{ near_limit('growth.end_value', 'thresholds.m3_near_bound') }} then 'achieved'
            when growth.start_size = 0 or growth.target_size = 0 then 'UNABLE'
            when growth.base_met then '1'
        end as settled,
        {{ held("(growth.end_size * power(1 + growth.cagr, growth.target_year - growth.end_year) - growth.start_size)
            / nullif(growth.target_size - growth.start_size, 0)") }} as full_ratio,
        {{ held('growth.size_direction * growth.cagr') }} as desired_rate
    from {{ ref('int_progress_growth') }} as growth
    inner join thresholds on growth.variant = thresholds.variant
    where growth.time_window = 'base'
)

select
    {{ growth_columns('growth') }},
    case
        when settled is not null then settled
        when full_ratio >= m3_strong_ratio then '3'
        when full_ratio >= m3_moderate_ratio then '2'
        when full_ratio is not null then '1'
        when desired_rate >= m3_strong_rate then '3'
        when desired_rate >= m3_moderate_rate then '2'
        else '1'
    end as status,
    case when settled is null then full_ratio end as ratio,
    cast(null as double) as score,
    cast(null as varchar) as score_band,
    {{ growth_marks('growth') }} as marks,
    true as is_headline
from growth
