-- What M1 knows of each area: I0, Icr, It. I0 is the observed base value if the series has one on this side of its
-- last break, else the fit's (`base_estimated`). It is held inside the limits (`clamped`).
with raw as (
    select
        fits.*,
        {{ trend_value(parameter('base_year')) }} as base_fit,
        {{ trend_value('target_year') }} as it_fit,
        sign(beta) as trend_sign
    from {{ ref('int_m1_fit') }} as fits
    where fits.n_fit >= {{ parameter('min_points') }}
)

select
    raw.indicator,
    raw.breakdown,
    raw.ref_area,
    raw.model,
    raw.n_fit,
    raw.break_in_fit,
    raw.trend_sign,
    raw.target_year,
    case
        when base.base_year = {{ parameter('base_year') }}
            and (raw.first_usable_year is null or base.base_year >= raw.first_usable_year) then base.base_value
        else {{ inside_limits('raw.base_fit') }}
    end as i0,
    not (base.base_year = {{ parameter('base_year') }}
        and (raw.first_usable_year is null or base.base_year >= raw.first_usable_year)) as base_estimated,
    base.latest_value as icr,
    base.latest_year as icr_year,
    {{ inside_limits('raw.it_fit') }} as it,
    {{ inside_limits('raw.it_fit') }} <> raw.it_fit as clamped
from raw
inner join {{ ref('int_progress_base') }} as base
    on raw.indicator = base.indicator and raw.breakdown = base.breakdown and raw.ref_area = base.ref_area
