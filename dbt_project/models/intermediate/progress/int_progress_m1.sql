-- Progress by M1 (UNECE and ESCAP), one row a variant, series and area: every member State, the EU row where it has
-- points, every region; an indicator of components has a row of their means besides (breakdown _T). An area that cannot
-- be assessed is grey with its reason. Columns as in int_progress; window is `all`.
with assessed as (
    select
        variant, indicator, breakdown, area_kind, area, status, is_headline, model, n_points, n_countries, i0, i0_year,
        icr, icr_year, it, projection, at_target_year, target_value, target_year, target_expression, target_verified,
        benchmark_value, csi, expected_csi, ap, p, base_estimated, break_in_fit, clamped, is_at_limit, late_data, late,
        worsening
    from {{ ref('int_m1_judged') }}
    union all
    select
        variant, indicator, '_T' as breakdown, area_kind, area, status, is_headline, 'mean of components' as model,
        null as n_points, null as n_countries, null as i0, null as i0_year, null as icr, icr_year, null as it,
        null as projection, null as at_target_year, null as target_value, target_year, target_expression,
        target_verified, null as benchmark_value, csi, expected_csi, ap, p, base_estimated, break_in_fit, clamped,
        false as is_at_limit, late_data, late, worsening
    from {{ ref('int_m1_component') }}
)

select
    assessed.variant,
    assessed.indicator,
    assessed.breakdown,
    assessed.area_kind,
    assessed.area,
    'M1' as method,
    'all' as "window",
    assessed.status,
    {{ progress_colour('assessed.status') }} as colour,
    case
        when {{ progress_colour('assessed.status') }} = 'grey' then assessed.status
        when assessed.late_data then 'LATE_DATA'
    end as reason,
    {{ join_marks({
        'LATE': 'assessed.late', 'LATE_DATA': 'assessed.late_data', 'WORSENING': 'assessed.worsening',
        'AT_LIMIT': 'assessed.is_at_limit', 'BASE_ESTIMATED': 'assessed.base_estimated',
        'BREAK_IN_FIT': 'assessed.break_in_fit', 'CLAMPED': 'assessed.clamped'}) }} as marks,
    assessed.is_headline,
    assessed.i0_year as start_year,
    assessed.i0 as start_value,
    assessed.icr_year as end_year,
    assessed.icr as end_value,
    assessed.target_value,
    assessed.target_year,
    assessed.target_expression,
    assessed.target_verified,
    assessed.benchmark_value,
    assessed.model,
    cast(assessed.n_points as integer) as n_points,
    cast(assessed.n_countries as integer) as n_countries,
    assessed.i0,
    assessed.i0_year,
    assessed.icr,
    assessed.icr_year,
    assessed.it,
    assessed.projection,
    assessed.at_target_year,
    assessed.csi,
    assessed.expected_csi,
    assessed.ap,
    assessed.p,
    assessed.base_estimated,
    assessed.break_in_fit,
    assessed.clamped,
    assessed.late,
    assessed.worsening,
    release.method_version,
    release.config_sha256
from assessed
cross join {{ source('lock', 'release') }} as release
