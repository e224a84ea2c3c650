-- The unit an indicator's model gives is the one its meta promises.
select distinct cells.indicator, cells.unit_measure, registry.unit_measure as registry_unit
from {{ ref('int_indicator_value') }} as cells
inner join {{ ref('dim_indicator') }} as registry on cells.indicator = registry.indicator
where cells.unit_measure <> registry.unit_measure
