-- M1's judgement of each series: the first rules, then P (methodology 3.4). One row a variant, series and area.
--   CSI = 10 D (Icr - I0) / |TV - I0|, 10 if met;  AP = 10 D (It - I0) / |TV - I0|;  P = 100 (TV - It) / (TV - I0)
--   Expected CSI line: 10 (t - 2015) / (2030 - 2015) in the year t of the latest value.
with {{ m1_judged(ref('int_m1_area')) }},

shown as (
    select
        *,
        -- The medians of a provider's own area are not shown as those of the 56.
        too_few is not distinct from 'COVERAGE' as is_hidden,
        case when too_few is null and n_points is distinct from 1 and not is_growth_rate then csi end as csi_shown
    from judged
)

select
    variant,
    indicator,
    breakdown,
    area_kind,
    area,
    status,
    {{ progress_colour('status') }} as colour,
    not break_in_fit as is_headline,
    model,
    n_points,
    n_countries,
    case when not is_hidden then i0 end as i0,
    case when i0 is not null then i0_year end as i0_year,
    case when not is_hidden then icr end as icr,
    icr_year,
    case when not is_hidden then it end as it,
    case when not is_hidden then projection end as projection,
    case when not is_hidden then at_target_value end as at_target_year,
    target_value,
    target_year,
    target_expression,
    target_verified,
    benchmark_value,
    csi_shown as csi,
    case when csi_shown is not null then
        10.0 * (icr_year - {{ variant_parameter('base_year') }})
            / ({{ variant_parameter('default_deadline') }} - {{ variant_parameter('base_year') }})
    end as expected_csi,
    case when status in ('maintain', 'accelerate', 'reverse') then ap end as ap,
    case when status in ('maintain', 'accelerate', 'reverse') then p end as p,
    base_estimated,
    break_in_fit,
    clamped,
    status = 'achieved' and not is_met as is_at_limit,
    late_data and status in ('MET', 'MISSED') as late_data,
    status = 'achieved' and icr_year > target_year as late,
    coalesce(trend_sign = -direction, false) as worsening
from shown
