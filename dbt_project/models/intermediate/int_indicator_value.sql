-- The values of all indicators, before publication rules: every area the providers name, countries of other regions
-- included, because reconciliation needs them. A value outside the natural limits of its indicator, a share above
-- 100 % for one, is kept and marked, never clipped (methodology 3.2).
with marked as (
    select
        rows_of_all.*,
        case
            when rows_of_all.obs_value > registry.upper_limit then 'ABOVE_LIMIT'
            when rows_of_all.obs_value < registry.lower_limit then 'BELOW_LIMIT'
        end as limit_mark
    from {{ ref('int_indicator_union') }} as rows_of_all
    left join {{ ref('int_registry') }} as registry on rows_of_all.indicator = registry.indicator
)

select
    indicator,
    breakdown,
    ref_area,
    time_period,
    year,
    obs_value,
    numerator,
    denominator,
    unit_measure,
    obs_status,
    obs_status_raw,
    conf_status,
    nature,
    is_zero_ambiguous,
    null_reason,
    source,
    vintage,
    snapshot_sha256,
    {{ joined_remarks('limit_mark', 'comment_obs') }} as comment_obs
from marked
