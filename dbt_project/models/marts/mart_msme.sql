-- What is known of small enterprises in circular activities? Value added and persons employed by size class, the share of
-- small enterprises, and their share in procurement. Only the total of all size classes has a source, for Eurostat's
-- area; every other row says that there is none.
with slots as ({{ latest_slots('msme') }}),

sizes as (
    select '_T' as size_class, true as is_total
    union all
    select size_class, false
    from (values ('E0T9'), ('E10T49'), ('E50T249'), ('GE250')) as classes (size_class)
)

select
    slots.ref_area,
    slots.theme,
    slots.indicator,
    sizes.size_class,
    slots.title_en,
    slots.unit_measure,
    case when sizes.is_total then slots.latest_year end as latest_year,
    case when sizes.is_total then slots.latest_value end as latest_value,
    case when sizes.is_total then slots.obs_status end as obs_status,
    case when sizes.is_total then slots.null_reason else 'NOT_COLLECTED' end as null_reason,
    case
        when slots.slot_reason is not null then slots.slot_reason
        when not sizes.is_total then 'no source: the provider does not publish this by size of enterprise'
    end as slot_reason
from slots
inner join sizes on sizes.is_total or slots.theme in ('VALUE_ADDED', 'PERSONS')
where slots.breakdown = '_T'
