-- The values which regional windows are made of: one row a way to choose points, indicator, breakdown, member State and
-- year. current: this release; previous: what the preceding release published; current_in_old_years: this release, in
-- the years the preceding one had for the series; previous_plus_new_years: the preceding release, and this one in the
-- years it did not have. A zero that may mean missing is no point; a biennial series has its even years only.
{% set columns = 'indicator, breakdown, ref_area, year, obs_value, numerator, denominator, obs_status, nature' %}
with wanted as (
    select distinct points_from, excludes_estimated from {{ ref('int_variant') }}
),

current_points as (
    select {{ columns }}
    from {{ ref('int_cell') }}
    where area_kind = 'country' and obs_value is not null and not is_zero_ambiguous
),

previous_points as (
    select
        indicator,
        coalesce(breakdown, '_T') as breakdown,
        ref_area,
        cast(time_period as integer) as year,
        obs_value,
        numerator,
        denominator,
        obs_status,
        nature
    from {{ source('predecessor', 'rpt_observation') }}
    -- A release from before the column was published says it in the remark only.
    where area_kind = 'country' and obs_value is not null
        and not coalesce(is_zero_ambiguous, comment_obs = 'ZERO_AMBIGUOUS', false)
),

old_years as (
    select distinct indicator, breakdown, year from previous_points
),

compared as (
    select current_points.*, old_years.year is not null as is_old_year
    from current_points
    left join old_years using (indicator, breakdown, year)
),

chosen as (
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

select
    chosen.points_from,
    wanted.excludes_estimated,
    chosen.indicator,
    chosen.breakdown,
    chosen.ref_area,
    chosen.year,
    chosen.obs_value,
    chosen.numerator,
    chosen.denominator,
    coalesce(chosen.obs_status = 'B', false) as is_break
from chosen
inner join wanted on chosen.points_from = wanted.points_from
inner join {{ ref('int_registry') }} as registry on chosen.indicator = registry.indicator
where (registry.frequency <> 'B' or chosen.year % 2 = 0)
    and not (
        wanted.excludes_estimated
        and coalesce(chosen.obs_status in ('E', 'I') or chosen.nature in ('E', 'M', 'G'), false))
