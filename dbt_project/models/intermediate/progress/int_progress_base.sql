-- What each area starts from and where it stands: the base value by rule 8 (the base year; else the first later year;
-- else the nearest earlier one, `base_shifted`), the latest value, and the last break of the series.
with points as (select * from {{ ref('int_progress_point') }}),

ranked as (
    select
        points.*,
        row_number() over (
            partition by indicator, breakdown, ref_area
            order by
                case when year >= {{ parameter('base_year') }} then 0 else 1 end,
                abs(year - {{ parameter('base_year') }})
        ) as base_rank,
        row_number() over (partition by indicator, breakdown, ref_area order by year desc) as latest_rank,
        min(year) over (partition by indicator, breakdown, ref_area) as first_year
    from points
)

select
    indicator,
    breakdown,
    ref_area,
    count(*) as n_points,
    min(year) as first_year,
    max(case when base_rank = 1 then year end) as base_year,
    max(case when base_rank = 1 then obs_value end) as base_value,
    max(case when base_rank = 1 then year end) <> {{ parameter('base_year') }} as base_shifted,
    max(case when latest_rank = 1 then year end) as latest_year,
    max(case when latest_rank = 1 then obs_value end) as latest_value,
    -- A break at the very first point breaks nothing.
    max(case when is_break and year > first_year then year end) as last_break
from ranked
group by indicator, breakdown, ref_area
