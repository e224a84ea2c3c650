-- Every value that is withheld, beside the bound it passed: those which G1 found too far from the preceding release or
-- from their own numerator over denominator, and those whose source value was withheld before. One row a cell.
select
    cells.*,
    published.source,
    case cells.bound
        when 'ANCHOR_RATIO' then 'Too far from its own numerator over denominator.'
        else 'Too far from the value of the preceding release.'
    end as reason
from {{ ref('int_magnitude') }} as cells
inner join {{ ref('int_indicator_value') }} as published
    on cells.indicator = published.indicator and cells.breakdown = published.breakdown
    and cells.ref_area = published.ref_area and cells.time_period = published.time_period
union all
select
    indicator,
    breakdown,
    ref_area,
    time_period,
    obs_value,
    cast(null as double) as previous_value,
    cast(null as double) as anchor_value,
    cast(null as double) as release_ratio,
    cast(null as double) as anchor_ratio,
    bound,
    cast(null as double) as bound_value,
    source,
    reason
from {{ ref('int_withheld_source') }}
