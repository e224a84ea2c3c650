-- How much waste is generated, recycled, landfilled and incinerated? Tonnes of each waste stream and operation, one row a
-- member State, stream, operation, indicator and year: one source beside the other, never added or spliced. Amounts are
-- the indicator's own value, numerator or denominator (seed waste_flows); for rates of two parts their share stands
-- beside them (entry point 1).
with amounts as (
    select
        cells.ref_area,
        flows.stream,
        flows.operation,
        cells.indicator,
        cells.year,
        case flows.amount
            when 'obs_value' then cells.obs_value
            when 'numerator' then cells.numerator
            when 'denominator' then cells.denominator
        end * flows.factor as amount_tonnes,
        case when flows.amount = 'numerator' and cells.unit_measure = '%' then cells.obs_value end as share_pct,
        cells.obs_status,
        cells.is_zero_ambiguous,
        cells.null_reason as cell_reason,
        cells.source,
        cells.vintage
    from {{ ref('waste_flows') }} as flows
    inner join {{ ref('fct_observation') }} as cells on flows.indicator = cells.indicator
    where cells.area_kind = 'country' and cells.breakdown = '_T'
        and (cells.null_reason is null or cells.null_reason <> 'OFF_GRID')
)

select
    ref_area,
    stream,
    operation,
    indicator,
    year,
    't' as unit_measure,
    amount_tonnes,
    case when amount_tonnes is not null then share_pct end as share_pct,
    obs_status,
    is_zero_ambiguous,
    case
        when amount_tonnes is not null then null
        -- The rate is there, its tonnes were not reported.
        else coalesce(cell_reason, 'NOT_REPORTED')
    end as null_reason,
    source,
    vintage
from amounts
