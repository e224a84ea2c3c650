-- The weighted trend of M1, one row a variant, series and area (methodology 3.4):
--   w_i = (T - t_1) / (T - t_i);  tb = sum(w t) / sum(w);  zb = sum(w z) / sum(w)
--   beta = sum(w (t - tb)(z - zb)) / sum(w (t - tb)^2);  zhat(s) = zb + beta (s - tb)
-- Slope and intercept are both weighted. z is y, ln y or the logit of the share of the range; a share that has to be
-- clamped before the logit falls back to the linear trend. Geomean goes through the last point: tb = t_n, zb = ln y_n,
-- beta = sum(w g) / sum(w) over i = 2..n, g the difference of ln y to the point before, a year. Points before the last
-- break stay out if three remain. The variant may ask for the other trend model.
{% set key = 'variant, indicator, breakdown, area_kind, area' %}
with points as (
    select
        points.*,
        deadlines.fit_year,
        case
            when not variants.alternative_trend then series.trend_model
            when series.trend_model <> 'linear' then 'linear'
            when series.is_bounded then 'logit'
            else 'geometric_if_positive'
        end as trend_model,
        series.lower_limit,
        series.upper_limit,
        base.last_break,
        {{ variant_parameter('logit_epsilon', 'variants.method_from') }} as epsilon,
        count(*) filter (where points.year >= base.last_break) over area as n_after_break,
        cast({{ variant_parameter('min_points_after_break', 'variants.method_from') }} as integer) as min_after_break
    from {{ ref('int_progress_point') }} as points
    inner join {{ ref('int_progress_base') }} as base
        on points.variant = base.variant and points.indicator = base.indicator and points.breakdown = base.breakdown
        and points.area_kind = base.area_kind and points.area = base.area
    inner join {{ ref('int_variant') }} as variants on points.variant = variants.variant
    inner join {{ ref('int_target_deadline') }} as deadlines
        on points.variant = deadlines.variant and points.indicator = deadlines.indicator
    inner join {{ ref('int_progress_series') }} as series
        on points.indicator = series.indicator and points.breakdown = series.breakdown
    where points.year < deadlines.fit_year and series.direction <> 0
    window area as (partition by points.variant, points.indicator, points.breakdown, points.area_kind, points.area)
),

fitted as (
    select
        *,
        last_break is not null and n_after_break < min_after_break as break_in_fit,
        (obs_value - lower_limit) / nullif(upper_limit - lower_limit, 0) as share
    from points
    where n_after_break < min_after_break or year >= last_break
),

modelled as (
    select
        *,
        case
            when trend_model = 'geometric_if_positive' then case when min(obs_value) over area > 0 then 'geometric' else 'linear' end
            when trend_model in ('geometric', 'geomean') and min(obs_value) over area <= 0 then 'unable'
            when trend_model = 'logit' and (
                min(share) over area < epsilon or max(share) over area > 1 - epsilon) then 'linear'
            else trend_model
        end as model,
        min(year) over area as first_year,
        max(year) over area as last_year
    from fitted
    window area as (partition by {{ key }})
),

weighted as (
    select
        *,
        cast(fit_year - first_year as double) / (fit_year - year) as w,
        case
            when model = 'linear' then obs_value
            when model in ('geometric', 'geomean') then ln(obs_value)
            when model = 'logit' then ln(share / (1 - share))
        end as z
    from modelled
    where model <> 'unable'
),

centred as (
    select
        *,
        sum(w * year) over area / sum(w) over area as weighted_year,
        sum(w * z) over area / sum(w) over area as weighted_z,
        (z - lag(z) over (area order by year)) / (year - lag(year) over (area order by year)) as growth
    from weighted
    window area as (partition by {{ key }})
)

select
    {{ key }},
    model,
    fit_year,
    lower_limit,
    upper_limit,
    break_in_fit,
    case when not break_in_fit then last_break end as first_usable_year,
    count(*) as n_fit,
    case when model = 'geomean' then last_year else weighted_year end as tb,
    case when model = 'geomean' then max(case when year = last_year then z end) else weighted_z end as zb,
    case
        when model = 'geomean' then sum(w * growth) / sum(w) filter (where growth is not null)
        else sum(w * (year - weighted_year) * (z - weighted_z))
            / nullif(sum(w * (year - weighted_year) * (year - weighted_year)), 0)
    end as beta
from centred
group by
    {{ key }}, model, fit_year, lower_limit, upper_limit, break_in_fit, last_break, last_year, weighted_year, weighted_z
