-- The series that are assessed: every indicator of the registry, or each of its components, with what the methods ask
-- about it.
with breakdowns as (
    select distinct indicator, breakdown from {{ ref('int_cell') }}
)

select
    breakdowns.indicator,
    breakdowns.breakdown,
    registry.direction,
    registry.lower_limit,
    registry.upper_limit,
    registry.lower_limit is not null and registry.upper_limit is not null as is_bounded,
    registry.scope,
    registry.agg_rule,
    registry.trend_model,
    coalesce(registry.is_binary, false) as is_binary,
    coalesce(registry.is_growth_rate, false) as is_growth_rate
from breakdowns
inner join {{ ref('int_registry') }} as registry on breakdowns.indicator = registry.indicator
