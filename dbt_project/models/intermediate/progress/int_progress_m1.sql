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
),

coloured as (
    select *, {{ progress_colour('status') }} as colour from assessed
)

select
    coloured.variant,
    coloured.indicator,
    coloured.breakdown,
    coloured.area_kind,
    coloured.area,
    'M1' as method,
    'all' as time_window,
    coloured.status,
    coloured.colour,
    case
        when coloured.colour = 'grey' then coloured.status
        when coloured.late_data then 'LATE_DATA'
    end as reason,
    {{ join_marks({
        'LATE': 'coloured.late', 'LATE_DATA': 'coloured.late_data', 'WORSENING': 'coloured.worsening',
        'AT_LIMIT': 'coloured.is_at_limit', 'BASE_ESTIMATED': 'coloured.base_estimated',
        'BREAK_IN_FIT': 'coloured.break_in_fit', 'CLAMPED': 'coloured.clamped'}) }} as marks,
    coloured.is_headline,
    coloured.i0_year as start_year,
    coloured.i0 as start_value,
    coloured.icr_year as end_year,
    coloured.icr as end_value,
    coloured.target_value,
    coloured.target_year,
    coloured.target_expression,
    coloured.target_verified,
    coloured.benchmark_value,
    coloured.model,
    cast(coloured.n_points as integer) as n_points,
    cast(coloured.n_countries as integer) as n_countries,
    coloured.i0,
    coloured.i0_year,
    coloured.icr,
    coloured.icr_year,
    coloured.it,
    coloured.projection,
    coloured.at_target_year,
    coloured.csi,
    coloured.expected_csi,
    coloured.ap,
    coloured.p,
    coloured.base_estimated,
    coloured.break_in_fit,
    coloured.clamped,
    coloured.late,
    coloured.worsening,
    release.method_version,
    release.config_sha256
from coloured
cross join {{ source('lock', 'release') }} as release
