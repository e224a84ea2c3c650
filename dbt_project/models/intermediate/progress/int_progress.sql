-- Progress by all four methods, one row a variant, series, area, method and window, under the common colours of
-- methodology 3.5. M1 has one window (`all`), M2 two (short, long), M3 and M4 theirs from base to latest (base). What only
-- one method has is empty for the others. A grey result has its reason. Runs with countries left out are in int_removal.
with ratio_methods as (
    {% for method in ['m2', 'm3', 'm4'] %}
    select '{{ method | upper }}' as method, rows.*
    from {{ ref('int_progress_' ~ method) }} as rows
    inner join {{ ref('int_variant') }} as variants on rows.variant = variants.variant
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

coloured as (
    select *, {{ progress_colour('status') }} as colour from ratio_methods
)

select
    variant,
    indicator,
    breakdown,
    area_kind,
    area,
    method,
    time_window,
    status,
    colour,
    reason,
    marks,
    is_headline,
    start_year,
    start_value,
    end_year,
    end_value,
    target_value,
    target_year,
    target_expression,
    target_verified,
    benchmark_value,
    cast(null as double) as cagr,
    cast(null as double) as required_cagr,
    cast(null as double) as ratio,
    cast(null as double) as score,
    cast(null as varchar) as score_band,
    model,
    n_points,
    n_countries,
    i0,
    i0_year,
    icr,
    icr_year,
    it,
    projection,
    at_target_year,
    csi,
    expected_csi,
    ap,
    p,
    base_estimated,
    break_in_fit,
    clamped,
    late,
    worsening,
    method_version,
    config_sha256
from {{ ref('int_progress_m1') }}
union all
select
    coloured.variant,
    coloured.indicator,
    coloured.breakdown,
    coloured.area_kind,
    coloured.area,
    coloured.method,
    coloured.time_window,
    coloured.status,
    coloured.colour,
    case when coloured.colour = 'grey' then coloured.status when coloured.late_data then 'LATE_DATA' end as reason,
    coloured.marks,
    coloured.is_headline,
    coloured.start_year,
    coloured.start_value,
    coloured.end_year,
    coloured.end_value,
    coloured.target_value,
    coloured.target_year,
    coloured.target_expression,
    coloured.target_verified,
    cast(null as double) as benchmark_value,
    coloured.cagr,
    coloured.required_cagr,
    coloured.ratio,
    coloured.score,
    coloured.score_band,
    cast(null as varchar) as model,
    coloured.n_points,
    coloured.n_countries,
    cast(null as double) as i0,
    cast(null as integer) as i0_year,
    cast(null as double) as icr,
    cast(null as integer) as icr_year,
    cast(null as double) as it,
    cast(null as double) as projection,
    coloured.at_target_value as at_target_year,
    cast(null as double) as csi,
    cast(null as double) as expected_csi,
    cast(null as double) as ap,
    cast(null as double) as p,
    coloured.base_shifted as base_estimated,
    false as break_in_fit,
    false as clamped,
    coloured.late,
    coloured.worsening,
    release.method_version,
    release.config_sha256
from coloured
cross join {{ source('lock', 'release') }} as release
