-- The latest value of each member State: one row an indicator, breakdown and member State, with the value and its year or the
-- reason of the latest year on the grid why there is none. A zero that may mean missing is no value; where no year is on the
-- grid nothing was collected.
with cells as (
    select
        *,
        row_number() over (
            partition by indicator, breakdown, ref_area
            order by
                case
                    when obs_value is not null and not is_zero_ambiguous then 0
                    when null_reason <> 'OFF_GRID' then 1
                    else 2
                end,
                year desc
        ) as place
    from {{ ref('fct_observation') }}
    where area_kind = 'country'
)

select
    indicator,
    breakdown,
    ref_area,
    case when not is_zero_ambiguous then obs_value end as latest_value,
    case when obs_value is not null and not is_zero_ambiguous then year end as latest_year,
    case when obs_value is not null and not is_zero_ambiguous then obs_status end as obs_status,
    case
        when is_zero_ambiguous then 'NOT_REPORTED'
        when null_reason = 'OFF_GRID' then 'NOT_COLLECTED'
        else null_reason
    end as null_reason
from cells
where place = 1
