-- The points a progress assessment may use: values of members and of the EU row, from the first year of the method to
-- the reference year. A zero that may mean missing is not a point (methodology 3.4 and 4).
select
    indicator,
    breakdown,
    ref_area,
    year,
    obs_value,
    obs_status = 'B' as is_break
from {{ ref('int_cell') }}
where obs_value is not null
    and not is_zero_ambiguous
    and ref_area <> 'WORLD'
    and year between {{ parameter('first_year') }} and {{ reference_year() }}
-- Sums of floating-point numbers depend on their order (int_aggregate_contribution).
order by indicator, breakdown, ref_area, year
