-- What each area starts from and where it stands: the base value by rule 8 (the base year; else the first later year;
-- else the nearest earlier one, `base_shifted`), the latest value, and the last break of the series.
with points as (
    select
        points.*,
        cast({{ variant_parameter('base_year') }} as integer) + variants.base_shift as base_wanted,
        cast({{ variant_parameter('champion_base_window') }} as integer) as near
    from {{ ref('int_progress_point') }} as points
    inner join {{ ref('int_variant') }} as variants on points.variant = variants.variant
),

years as (
    select
        variant,
        indicator,
        breakdown,
        area_kind,
        area,
        base_wanted,
        count(*) as n_points,
        min(year) as first_year,
        max(year) as latest_year,
        coalesce(min(year) filter (where year >= base_wanted), max(year)) as base_year,
        min(abs(year - base_wanted)) <= near as has_point_near_base
    from points
    group by variant, indicator, breakdown, area_kind, area, base_wanted, near
)

select
    variant,
    indicator,
    breakdown,
    area_kind,
    area,
    years.n_points,
    years.base_year,
    max(case when points.year = years.base_year then points.obs_value end) as base_value,
    years.base_year <> years.base_wanted as base_shifted,
    years.has_point_near_base,
    years.latest_year,
    max(case when points.year = years.latest_year then points.obs_value end) as latest_value,
    -- A break at the very first point breaks nothing.
    max(case when points.is_break and points.year > years.first_year then points.year end) as last_break
from points
inner join years using (variant, indicator, breakdown, area_kind, area)
group by
    variant, indicator, breakdown, area_kind, area,
    years.n_points, years.base_year, years.base_wanted, years.has_point_near_base, years.latest_year
