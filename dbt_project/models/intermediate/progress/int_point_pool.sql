-- The four pools of points from which each run of the assessment takes its own, one row a pool, series, area and year:
-- current (this release), previous (what the preceding release published), current_in_old_years (this release, in the
-- years the preceding one had), previous_plus_new_years (the preceding release, and this one in the years it had not).
-- A point is a value of a member State or of the EU row; a zero that may mean missing is none. Which of its points a run
-- may use (years, frequency, estimates) is left to int_progress_point and int_panel_point.
{% set columns = 'indicator, breakdown, area_kind, ref_area, year, obs_value, numerator, denominator, obs_status, nature' %}
with current_points as (
    select {{ columns }}
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
        numerator,
        denominator,
        obs_status,
        nature
    from {{ source('predecessor', 'rpt_observation') }}
    where obs_value is not null
        -- A release from before the column was published says it in the remark only.
        and not coalesce(is_zero_ambiguous, comment_obs = 'ZERO_AMBIGUOUS', false)
        and ref_area <> 'WORLD'
),

-- An old year (methodology 3.9) is one for which the preceding release had the series for any area of the same kind. A
-- member State that answers late fills an old year: the others were judged by it already. But the EU row often comes
-- before its members: a year only that row had is new for every member State, and one only they had is new for it.
old_years as (
    select distinct indicator, breakdown, area_kind, year from previous_points
),

compared as (
    select current_points.*, old_years.year is not null as is_old_year
    from current_points
    left join old_years using (indicator, breakdown, area_kind, year)
),

pools as (
    select 'current' as points_from, {{ columns }} from current_points
    union all
    select 'previous' as points_from, {{ columns }} from previous_points
    union all
    select 'current_in_old_years' as points_from, {{ columns }} from compared where is_old_year
    union all
    select 'previous_plus_new_years' as points_from, {{ columns }} from previous_points
    union all
    select 'previous_plus_new_years' as points_from, {{ columns }} from compared where not is_old_year
)

-- A value without a status is an ordinary one: it marks no break, and no run leaves it out as estimated.
select
    points_from,
    indicator,
    breakdown,
    area_kind,
    ref_area,
    year,
    obs_value,
    numerator,
    denominator,
    coalesce(obs_status = 'B', false) as is_break,
    coalesce(obs_status in ('E', 'I') or nature in ('E', 'M', 'G'), false) as is_estimated
from pools
