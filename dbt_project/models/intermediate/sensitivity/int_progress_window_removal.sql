-- The headline windows of regions with countries left out of the fixed panel (methodology 3.5), one row a removal,
-- indicator, breakdown, region and window: every country alone (leave_out_AUT), and the first k together in the order of
-- what leaving each out does to the region's growth, from the weakest (leave_out_low_k) and from the strongest
-- (leave_out_high_k), as long as enough countries remain. The value follows the registry's rule. Regions below the
-- minimum have no colour to lose and no row.
{% set key = 'indicator, breakdown, region, time_window' %}
with windows as (
    select
        regions.*,
        regions.area as region,
        panels.agg_rule
    from {{ ref('int_progress_window_region') }} as regions
    inner join {{ ref('int_variant') }} as variants on regions.variant = variants.variant and variants.variant = 'headline'
    inner join {{ ref('int_panel_window') }} as panels
        on {{ panel_setting('variants') }} = panels.setting
        and regions.indicator = panels.indicator and regions.breakdown = panels.breakdown
        and regions.area = panels.region and regions.time_window = panels.time_window
    where regions.null_reason is null and regions.n_countries >= {{ parameter('min_countries') }}
),

members as (
    select
        members.* exclude (setting, population),
        windows.agg_rule,
        windows.n_countries
    from {{ ref('int_panel_member') }} as members
    inner join {{ ref('int_variant') }} as variants
        on {{ panel_setting('variants') }} = members.setting and variants.variant = 'headline'
    inner join windows using ({{ key }})
),

singles as (
    select 'leave_out_' || removed.ref_area as variant, removed.ref_area as removed, rest.*
    from members as removed
    inner join members as rest using ({{ key }})
    where rest.ref_area <> removed.ref_area
    order by {{ key }}, removed.ref_area, rest.ref_area
),

single_values as (
    select variant, removed, {{ key }}, {{ removal_values() }} from singles group by variant, removed, {{ key }}, agg_rule
),

placed as (
    select
        {{ key }},
        removed as ref_area,
        row_number() over (partition by {{ key }} order by end_value / nullif(start_value, 0), removed) as low,
        row_number() over (partition by {{ key }} order by end_value / nullif(start_value, 0) desc, removed) as high
    from single_values
),

sides as (
    select {{ key }}, ref_area, 'low' as side, low as place from placed
    union all
    select {{ key }}, ref_area, 'high' as side, high as place from placed
),

together as (
    select 'leave_out_' || last.side || '_' || cast(last.place as varchar) as variant, last.place as n_removed, rest.*
    from sides as last
    inner join sides as kept using ({{ key }}, side)
    inner join members as rest
        on kept.indicator = rest.indicator and kept.breakdown = rest.breakdown and kept.region = rest.region
        and kept.time_window = rest.time_window and kept.ref_area = rest.ref_area
    where last.place > 1 and kept.place > last.place
        and rest.n_countries - last.place >= {{ parameter('min_countries') }}
    order by {{ key }}, last.side, last.place, rest.ref_area
),

valued as (
    select variant, 1 as n_removed, {{ key }}, start_value, end_value, n_remaining from single_values
    union all
    select variant, n_removed, {{ key }}, {{ removal_values() }} from together group by variant, n_removed, {{ key }}, agg_rule
)

select
    valued.variant,
    valued.n_removed,
    valued.indicator,
    valued.breakdown,
    'region' as area_kind,
    valued.region as area,
    valued.time_window,
    windows.start_year,
    valued.start_value,
    windows.end_year,
    valued.end_value,
    windows.n_points,
    cast(valued.n_remaining as integer) as n_countries,
    windows.base_shifted,
    case when valued.start_value is null or valued.end_value is null then 'ZERO_DENOMINATOR' end as null_reason,
    coalesce(valued.start_value < 0 or valued.end_value < 0, false) as has_negative,
    coalesce(valued.start_value > 0 or valued.end_value > 0, false) as has_positive
from valued
inner join windows using ({{ key }})
