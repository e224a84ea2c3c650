-- Everything a colour is made of, one row an indicator, breakdown, area, method and window (methodology 3.4): the two
-- ends, the target, the fit of M1, the growth rates, the number the thresholds are put to (`measure`), and the vintages of
-- the data. A status that a rule settles before the methods has no measure: base, latest, target and rule suffice.
with vintages as (
    select
        indicator,
        breakdown,
        ref_area as area,
        area_kind,
        {{ join_text('vintage') }} as vintages
    from {{ ref('fct_observation') }}
    where obs_value is not null
    group by indicator, breakdown, ref_area, area_kind
),

-- A region rests on the observations of its members, all of the same vintages.
all_vintages as (
    select indicator, {{ join_text('vintage') }} as vintages
    from {{ ref('fct_observation') }}
    where obs_value is not null
    group by indicator
),

growth as (
    select * from {{ ref('int_progress_growth') }} where variant = 'headline'
),

fits as (
    select * from {{ ref('int_m1_fit') }} where variant = 'headline'
),

measured as (
    select
        progress.*,
        case
            when progress.p is not null then 'P'
            when progress.marks like '%ROLLED_UP%' then 'SCORE'
            when progress.ratio is not null then case when progress.method = 'M3' then 'SHARE' else 'R' end
            when progress.status in (
                'significant', 'moderate', 'no_change', 'moderate_away', 'significant_away', '3', '2', '1',
                'on_track', 'acceleration', 'limited', 'deterioration')
                and progress.target_value is null then 'RATE'
        end as measure,
        {{ held('growth.size_direction * progress.cagr') }} as desired_rate
    from {{ ref('fct_progress') }} as progress
    left join growth
        on progress.indicator = growth.indicator
        and progress.breakdown = growth.breakdown
        and progress.area_kind = growth.area_kind
        and progress.area = growth.area
        and progress.time_window = growth.time_window
)

select
    measured.indicator,
    measured.breakdown,
    measured.area,
    measured.area_kind,
    measured.method,
    measured.time_window,
    registry.unit_measure,
    registry.direction,
    registry.lower_limit,
    registry.upper_limit,
    measured.start_year,
    measured.start_value,
    measured.end_year,
    measured.end_value,
    measured.target_value,
    measured.target_year,
    measured.target_expression,
    targets.frozen_vintage,
    measured.target_verified,
    measured.at_target_year,
    measured.i0,
    measured.it,
    measured.model,
    fits.n_fit,
    fits.tb,
    fits.zb,
    fits.beta,
    measured.cagr,
    measured.required_cagr,
    measured.measure,
    case measured.measure
        when 'P' then measured.p
        when 'SCORE' then measured.score
        when 'RATE' then measured.desired_rate
        else measured.ratio
    end as measure_value,
    measured.score,
    measured.status,
    measured.colour,
    measured.marks,
    measured.n_points,
    measured.n_countries,
    coalesce(vintages.vintages, all_vintages.vintages) as vintages,
    measured.method_version,
    measured.config_sha256
from measured
inner join {{ ref('dim_indicator') }} as registry on measured.indicator = registry.indicator
left join {{ ref('fct_target') }} as targets
    on measured.target_value is not null
    and measured.indicator = targets.indicator
    and measured.breakdown = targets.breakdown
    and measured.area_kind = targets.area_kind
    and measured.area = targets.area
left join fits
    on measured.method = 'M1'
    and measured.indicator = fits.indicator
    and measured.breakdown = fits.breakdown
    and measured.area_kind = fits.area_kind
    and measured.area = fits.area
left join vintages
    on measured.indicator = vintages.indicator
    and measured.breakdown = vintages.breakdown
    and measured.area_kind = vintages.area_kind
    and measured.area = vintages.area
left join all_vintages on measured.indicator = all_vintages.indicator
