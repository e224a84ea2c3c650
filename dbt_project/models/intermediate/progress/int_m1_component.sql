-- M1 of an indicator that has a target, components and no total: the means of CSI, AP and P of its k components, each with
-- weight 1/k (methodology 3.4); the components stay beside it, since two can carry opposite colours. A component that is
-- achieved counts with CSI = AP = 10 and P = 0. If all components have the same status it is theirs; else, if P of one of
-- them is not known, there are too few.
with components as (
    select
        *,
        case when status = 'achieved' then 0 else p end as p_counted,
        case when status = 'achieved' then 10 else ap end as ap_counted,
        case when status = 'achieved' then 10 else csi end as csi_counted
    from {{ ref('int_m1_judged') }}
    where indicator in (select indicator from {{ ref('int_target_definition') }} where kind <> 'none')
        and indicator not in (select indicator from {{ ref('int_progress_series') }} where breakdown = '_T')
),

means as (
    select
        components.variant,
        components.indicator,
        components.area_kind,
        components.area,
        variants.method_from,
        min(components.status) as lowest_status,
        max(components.status) as highest_status,
        count(*) = count(components.p_counted) as is_known,
        bool_and(components.is_headline) as is_headline,
        max(components.icr_year) as icr_year,
        max(components.target_year) as target_year,
        bool_and(components.target_verified) as target_verified,
        max(components.target_expression) as target_expression,
        avg(components.csi_counted) as csi,
        count(components.csi_counted) as n_csi,
        count(*) as n_components,
        avg(components.expected_csi) as expected_csi,
        avg(components.ap_counted) as ap,
        avg(components.p_counted) as p,
        bool_or(components.base_estimated) as base_estimated,
        bool_or(components.break_in_fit) as break_in_fit,
        bool_or(components.clamped) as clamped,
        bool_or(components.late_data) as late_data,
        bool_or(components.late) as late,
        bool_or(components.worsening) as worsening
    from components
    inner join {{ ref('int_variant') }} as variants on components.variant = variants.variant
    group by components.variant, components.indicator, components.area_kind, components.area, variants.method_from
)

select
    variant,
    indicator,
    area_kind,
    area,
    case
        when lowest_status = highest_status then lowest_status
        when not is_known then 'INSUFFICIENT'
        else {{ m1_band('p') }}
    end as status,
    is_headline,
    icr_year,
    target_year,
    target_expression,
    target_verified,
    case when n_csi = n_components then csi end as csi,
    expected_csi,
    case when is_known then ap end as ap,
    case when is_known then p end as p,
    base_estimated,
    break_in_fit,
    clamped,
    late_data,
    late,
    worsening
from means
