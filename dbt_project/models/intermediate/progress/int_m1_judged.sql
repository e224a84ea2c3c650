-- M1's judgement of each series: the first rules, then P (methodology 3.4). One row a variant, series and area.
--   CSI = 10 D (Icr - I0) / |TV - I0|, 10 if met;  AP = 10 D (It - I0) / |TV - I0|;  P = 100 (TV - It) / (TV - I0)
--   Expected CSI line: 10 (t - 2015) / (2030 - 2015) in the year t of the latest value.
with rated as (
    select
        *,
        icr as end_value,
        true as needs_target,
        false as mixed_signs,
        {{ at_limit('i0', 'icr') }} as at_limit,
        {{ progress_ratios() }}
    from {{ ref('int_m1_area') }}
),

ruled as (
    select *, {{ first_rules() }} as first_status from rated
),

judged as (
    select
        *,
        {{ m1_status() }} as status,
        target_value is not null and too_few is null and n_points is distinct from 1 and not is_growth_rate as is_rated
    from ruled
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
    case when too_few is null or too_few <> 'COVERAGE' then i0 end as i0,
    case when i0 is not null then i0_year end as i0_year,
    case when too_few is null or too_few <> 'COVERAGE' then icr end as icr,
    icr_year,
    case when too_few is null or too_few <> 'COVERAGE' then it end as it,
    case when too_few is null or too_few <> 'COVERAGE' then projection end as projection,
    case when too_few is null or too_few <> 'COVERAGE' then at_target_value end as at_target_year,
    target_value,
    target_year,
    target_expression,
    target_verified,
    benchmark_value,
    case when is_rated then csi end as csi,
    case when is_rated then
        10.0 * (icr_year - {{ variant_parameter('base_year') }})
            / ({{ variant_parameter('default_deadline') }} - {{ variant_parameter('base_year') }})
    end as expected_csi,
    case when status in ('maintain', 'accelerate', 'reverse') then ap end as ap,
    case when status in ('maintain', 'accelerate', 'reverse') then p end as p,
    base_estimated,
    break_in_fit,
    clamped,
    status = 'achieved' and at_limit and not {{ met('icr') }} as is_at_limit,
    late_data and status in ('MET', 'MISSED') as late_data,
    coalesce(status = 'achieved' and icr_year > target_year, false) as late,
    coalesce(direction * trend_sign < 0, false) as worsening
from judged
