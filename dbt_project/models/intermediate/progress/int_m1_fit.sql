-- The weighted trend of M1, one row an area (methodology 3.4):
--   w_i = (T - t_1) / (T - t_i);  tb = sum(w t) / sum(w);  zb = sum(w z) / sum(w)
--   beta = sum(w (t - tb)(z - zb)) / sum(w (t - tb)^2);  zhat(s) = zb + beta (s - tb)
-- Slope and intercept are both weighted. z is y, ln y or the logit of the share of the range; a share that has to be
-- clamped before the logit falls back to the linear trend. Points before the last break stay out if three remain.
with points as (
    select
        points.indicator,
        points.breakdown,
        points.ref_area,
        points.year,
        points.obs_value,
        targets.target_year,
        registry.trend_model,
        registry.lower_limit,
        registry.upper_limit,
        base.last_break,
        count(*) filter (where points.year >= base.last_break)
            over (partition by points.indicator, points.breakdown, points.ref_area) as n_after_break
    from {{ ref('int_progress_point') }} as points
    inner join {{ ref('int_progress_base') }} as base
        on points.indicator = base.indicator and points.breakdown = base.breakdown
        and points.ref_area = base.ref_area
    inner join {{ ref('int_target_definition') }} as targets on points.indicator = targets.indicator
    inner join {{ ref('int_registry') }} as registry on points.indicator = registry.indicator
    where points.year < targets.target_year and registry.direction <> 0
),

fitted as (
    select
        *,
        last_break is not null and n_after_break < 3 as break_in_fit,
        (obs_value - lower_limit) / nullif(upper_limit - lower_limit, 0) as share
    from points
    where last_break is null or n_after_break < 3 or year >= last_break
),

modelled as (
    select
        *,
        case
            when trend_model = 'geometric' and min(obs_value) over area <= 0 then 'unable'
            when trend_model = 'logit' and (
                min(share) over area < {{ parameter('logit_epsilon') }}
                or max(share) over area > 1 - {{ parameter('logit_epsilon') }}) then 'linear'
            else trend_model
        end as model,
        min(year) over area as first_year
    from fitted
    window area as (partition by indicator, breakdown, ref_area)
),

weighted as (
    select
        *,
        cast(target_year - first_year as double) / (target_year - year) as w,
        case model
            when 'linear' then obs_value
            when 'geometric' then ln(obs_value)
            when 'logit' then ln(share / (1 - share))
        end as z
    from modelled
    where model <> 'unable'
),

centred as (
    select
        *,
        sum(w * year) over area / sum(w) over area as tb,
        sum(w * z) over area / sum(w) over area as zb
    from weighted
    window area as (partition by indicator, breakdown, ref_area)
)

select
    indicator,
    breakdown,
    ref_area,
    model,
    target_year,
    lower_limit,
    upper_limit,
    break_in_fit,
    case when not break_in_fit then last_break end as first_usable_year,
    count(*) as n_fit,
    tb,
    zb,
    sum(w * (year - tb) * (z - zb)) / nullif(sum(w * (year - tb) * (year - tb)), 0) as beta
from centred
group by indicator, breakdown, ref_area, model, target_year, lower_limit, upper_limit, break_in_fit, last_break, tb, zb
