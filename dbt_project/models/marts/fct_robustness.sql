-- Whether a headline colour stands every change of fct_sensitivity (methodology 3.5), one row an indicator, breakdown, kind
-- of area, area, method and window that has a colour: robust, or fragile if any change flips it, with the first that
-- does, the distance to the nearest threshold, and of a region the smallest number of countries whose removal flips it.
-- That number is an upper bound unless it is 1: not every group of countries is tried, but the first k in the order of
-- their predictions (M1) or of what each does to growth (M2 to M4), from either side.
{% set key = 'indicator, breakdown, area_kind, area, method, time_window' %}
with summed as (
    select
        {{ key }},
        status,
        colour,
        cast(count(*) as integer) as n_changes,
        cast(count(*) filter (where flips) as integer) as n_flips,
        cast(count(*) filter (where is_lost) as integer) as n_lost,
        max(case when is_first_flip then change end) as first_flipping_change
    from {{ ref('fct_sensitivity') }}
    group by {{ key }}, status, colour
),

removals as (
    select {{ key }}, cast(min(removed.n_removed) as integer) as n_removed
    from {{ ref('int_removal') }} as removed
    inner join summed using ({{ key }})
    where removed.colour not in ('grey', summed.colour)
    group by {{ key }}
)

select
    {{ key }},
    summed.status,
    summed.colour,
    case when summed.n_flips = 0 then 'robust' else 'fragile' end as robustness,
    summed.n_changes,
    summed.n_flips,
    summed.n_lost,
    summed.first_flipping_change,
    distances.distance,
    distances.distance_measure,
    removals.n_removed
from summed
left join {{ ref('int_threshold_distance') }} as distances using ({{ key }})
left join removals using ({{ key }})
