-- The points each run of the assessment may use: values of the member States and of the EU row, from the first year of
-- the method to the reference year. A zero that may mean missing is not a point (methodology 3.4 and 4). Which values
-- (today's, the preceding release's, or a mixture) and which years, the variant says.
{% set point_columns = 'indicator, breakdown, area_kind, ref_area, year, obs_value, obs_status, nature' %}
with current_points as (
    select {{ point_columns }}
    from {{ ref('int_cell') }}
    where obs_value is not null and not is_zero_ambiguous and ref_area <> 'WORLD'
),

previous_points as (
    select
        indicator,
        coalesce(breakdown, '_T') as breakdown,
        area_kind,
        ref_area,
        cast(time_period as integer) as year,
        obs_value,
        obs_status,
        nature
    from {{ source('predecessor', 'rpt_observation') }}
    where obs_value is not null
        -- A release from before the column was published says it in the remark only.
        and not coalesce(is_zero_ambiguous, comment_obs = 'ZERO_AMBIGUOUS', false)
        and ref_area <> 'WORLD'
),

-- An old year of a series is one for which the preceding release had the value of any area.
old_years as (
    select distinct indicator, breakdown, year from previous_points
),

in_old_years as (
    select current_points.*, old_years.year is not null as is_old_year
    from current_points
    left join old_years using (indicator, breakdown, year)
),

pools as (
    select 'current' as points_from, {{ point_columns }} from current_points
    union all
    select 'previous' as points_from, {{ point_columns }} from previous_points
    union all
    select 'current_in_old_years' as points_from, {{ point_columns }} from in_old_years where is_old_year
    union all
    select 'previous_plus_new_years' as points_from, {{ point_columns }} from previous_points
    union all
    select 'previous_plus_new_years' as points_from, {{ point_columns }} from in_old_years where not is_old_year
),

-- The last year of a series is that of its countries; a series which only the EU row has ends with it.
last_years as (
    select
        points_from,
        indicator,
        breakdown,
        coalesce(max(year) filter (where area_kind = 'country'), max(year)) as last_year
    from pools
    where year <= {{ reference_year() }}
    group by points_from, indicator, breakdown
)

select
    variants.variant,
    pools.indicator,
    pools.breakdown,
    pools.area_kind,
    pools.ref_area as area,
    pools.year,
    pools.obs_value,
    pools.obs_status = 'B' as is_break
from pools
inner join {{ ref('int_variant') }} as variants on pools.points_from = variants.points_from
inner join last_years
    on pools.points_from = last_years.points_from
    and pools.indicator = last_years.indicator
    and pools.breakdown = last_years.breakdown
where pools.year between {{ variant_parameter('first_year') }} + variants.window_shift and {{ reference_year() }}
    and not (variants.drops_last_year and pools.year = last_years.last_year)
    and not (variants.excludes_estimated and (pools.obs_status in ('E', 'I') or pools.nature in ('E', 'M', 'G')))
-- Sums of floating-point numbers depend on their order (int_aggregate_contribution).
order by variants.variant, pools.indicator, pools.breakdown, area, pools.year
