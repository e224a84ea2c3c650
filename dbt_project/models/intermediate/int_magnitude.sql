-- Gate G1, cell by cell: a value too far from the preceding release, or from its own numerator over denominator, is
-- withheld. A value that was zero, or is, has no ratio. One row a withheld cell.
with compared as (
    select
        cells.indicator,
        cells.ref_area,
        cells.time_period,
        cells.obs_value,
        previous.obs_value as previous_value,
        cells.numerator / nullif(cells.denominator, 0) as anchor_value,
        abs(cells.obs_value / nullif(previous.obs_value, 0)) as release_ratio,
        abs(cells.obs_value / nullif(cells.numerator / nullif(cells.denominator, 0), 0)) as anchor_ratio
    from {{ ref('int_indicator_value') }} as cells
    left join {{ source('predecessor', 'rpt_observation') }} as previous
        on cells.indicator = previous.indicator
        and cells.ref_area = previous.ref_area
        and cells.time_period = previous.time_period
    where cells.obs_value <> 0
        and cells.year between {{ parameter('first_year') }} and {{ reference_year() }}
)

select
    indicator,
    ref_area,
    time_period,
    obs_value,
    previous_value,
    anchor_value,
    release_ratio,
    anchor_ratio,
    case
        when release_ratio >= {{ parameter('magnitude_release_ratio') }}
            or release_ratio <= 1 / {{ parameter('magnitude_release_ratio') }} then 'RELEASE_RATIO'
        else 'ANCHOR_RATIO'
    end as bound,
    case
        when release_ratio >= {{ parameter('magnitude_release_ratio') }}
            or release_ratio <= 1 / {{ parameter('magnitude_release_ratio') }} then {{ parameter('magnitude_release_ratio') }}
        else {{ parameter('magnitude_anchor_ratio') }}
    end as bound_value
from compared
where
    (release_ratio > 0 and (
        release_ratio >= {{ parameter('magnitude_release_ratio') }}
        or release_ratio <= 1 / {{ parameter('magnitude_release_ratio') }}))
    or anchor_ratio >= {{ parameter('magnitude_anchor_ratio') }}
    or anchor_ratio <= 1 / {{ parameter('magnitude_anchor_ratio') }}
