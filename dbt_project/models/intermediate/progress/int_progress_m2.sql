-- M2, Eurostat (methodology 3.4), one row a variant, area and window (short and long). With a target, on
-- R = 100 CAGR / required; without one, on D CAGR. From a base of zero there is no rate, to a target of zero none is
-- known: UNABLE. A base that had met the target which the latest value misses is the worst class: the required rate
-- then points the wrong way, and a plain ratio would look good.
with thresholds as (
    {{ method_thresholds([
        'm2_significant_ratio', 'm2_moderate_ratio', 'm2_insufficient_ratio',
        'm2_significant_rate', 'm2_moderate_rate', 'm2_away_rate', 'm2_no_change_rate']) }}
),

growth as (
    select
        growth.*,
        thresholds.* exclude (variant),
        case
            when growth.opening_status is not null then growth.opening_status
            when growth.start_size = 0 or growth.target_size = 0 then 'UNABLE'
            when growth.base_met then 'away'
        end as settled,
        {{ held('100 * growth.cagr / nullif(growth.required_cagr, 0)') }} as full_ratio,
        {{ held('growth.size_direction * growth.cagr') }} as desired_rate
    from {{ ref('int_progress_growth') }} as growth
    inner join thresholds on growth.variant = thresholds.variant
    where growth.time_window in ('short', 'long')
)

select
    {{ growth_columns('growth') }},
    case
        when settled is not null then settled
        when full_ratio >= m2_significant_ratio then 'significant'
        when full_ratio >= m2_moderate_ratio then 'moderate'
        when full_ratio >= m2_insufficient_ratio then 'insufficient'
        when full_ratio is not null then 'away'
        when abs(desired_rate) < m2_no_change_rate then 'no_change'
        when desired_rate >= m2_significant_rate then 'significant'
        when desired_rate >= m2_moderate_rate then 'moderate'
        when desired_rate > m2_away_rate then 'moderate_away'
        else 'significant_away'
    end as status,
    case when settled is null then full_ratio end as ratio,
    cast(null as double) as score,
    cast(null as varchar) as score_band,
    {{ growth_marks('growth') }} as marks,
    true as is_headline
from growth
