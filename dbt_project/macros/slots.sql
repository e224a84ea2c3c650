{# The rows of one table of latest values (seed mart_slots): every member State under every theme, indicator and breakdown,
   with its value or the one reason why there is none. An indicator without a source says which one is missing. #}
{% macro latest_slots(table_name) %}
select
    cells.ref_area,
    slots.theme,
    cells.indicator,
    cells.breakdown,
    registry.title_en,
    registry.entry_point,
    registry.unit_measure,
    registry.scope,
    case when cells.breakdown = '_T' then slots.minimum end as minimum,
    cells.latest_year,
    cells.latest_value,
    cells.obs_status,
    cells.null_reason,
    case when registry.scope = 'N' then 'no source: ' || coalesce(registry.slot_reason, 'none is connected') end as slot_reason
from {{ ref('mart_slots') }} as slots
inner join {{ ref('dim_indicator') }} as registry on slots.indicator = registry.indicator
inner join {{ ref('int_latest_value') }} as cells on slots.indicator = cells.indicator
where slots.table_name = '{{ table_name }}'
{% endmacro %}
