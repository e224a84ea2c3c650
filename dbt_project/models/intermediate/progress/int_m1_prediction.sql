-- What M1 knows of each area: I0, Icr, It. I0 is the observed base value if the series has one on this side of its
-- last break, else the fit's (`base_estimated`). It is held inside the limits (`clamped`). Where the target year is
-- over there is no It: the trend then leads to the default deadline (`projection`), beside the outcome.
{% set key = 'variant, indicator, breakdown, area_kind, area' %}
with fits as (
    select
        fits.*,
        deadlines.is_past,
        base.base_year,
        base.base_value,
        base.latest_year,
        base.latest_value,
        {{ variant_parameter('base_year', 'variants.method_from') }} + variants.base_shift as base_wanted
    from {{ ref('int_m1_fit') }} as fits
    inner join {{ ref('int_progress_base') }} as base using ({{ key }})
    inner join {{ ref('int_variant') }} as variants using (variant)
    inner join {{ ref('int_target_deadline') }} as deadlines using (variant, indicator)
    where fits.n_fit >= {{ variant_parameter('min_points', 'variants.method_from') }}
),

raw as (
    select
        *,
        base_year = base_wanted and base_year >= coalesce(first_usable_year, base_year) as is_base_observed,
        {{ trend_value('base_wanted') }} as base_fit,
        {{ trend_value('fit_year') }} as ahead_fit
    from fits
),

held as (
    select *, {{ inside_limits('ahead_fit') }} as ahead from raw
)

select
    {{ key }},
    model,
    n_fit,
    break_in_fit,
    sign(beta) as trend_sign,
    case when is_base_observed then base_value else {{ inside_limits('base_fit') }} end as i0,
    not is_base_observed as base_estimated,
    latest_value as icr,
    latest_year as icr_year,
    case when not is_past then ahead end as it,
    case when is_past then ahead end as projection,
    ahead <> ahead_fit as clamped
from held
