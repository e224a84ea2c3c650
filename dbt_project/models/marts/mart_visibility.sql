-- How visible are a country and a group of countries in the data? Index of a country = mean of its availability over
-- indicators, each the mean over its breakdowns; of a group = mean over its members. Visibility gap = mean of the members
-- less mean of all other member States (methodology 3.8, Circular STEP 1). Indicators of a provider that covers Europe
-- only (scope E) stand apart; a single year (scope S) has no index. One row an area and scope. Sorted, because a mean of
-- floating-point numbers depends on their order.
with indicator_level as (
    select indicator, ref_area, scope, avg(availability) as availability
    from {{ ref('mart_availability') }}
    where scope in ('W', 'E') and availability is not null
    group by indicator, ref_area, scope
    order by indicator, ref_area, scope
),

indices as (
    select ref_area, scope, avg(availability) as availability_index
    from indicator_level
    group by ref_area, scope
    order by ref_area, scope
),

members as (
    select 'country' as area_kind, ref_area as area, ref_area
    from (select distinct ref_area from indices) as countries
    union all
    select 'region', group_code, ref_area
    from {{ ref('dim_country_group') }}
    where is_published and is_current
),

means as (
    select
        areas.area_kind,
        areas.area,
        indices.scope,
        count(members.ref_area) as n_countries,
        count(*) - count(members.ref_area) as n_others,
        avg(case when members.ref_area is not null then indices.availability_index end) as availability_index,
        avg(case when members.ref_area is null then indices.availability_index end) as others_index
    from (select distinct area_kind, area from members) as areas
    cross join indices
    left join members
        on areas.area_kind = members.area_kind and areas.area = members.area and indices.ref_area = members.ref_area
    group by areas.area_kind, areas.area, indices.scope
),

indicators as (
    select members.area_kind, members.area, cells.scope, count(distinct cells.indicator) as n_indicators
    from indicator_level as cells
    inner join members on cells.ref_area = members.ref_area
    group by members.area_kind, members.area, cells.scope
),

reasons as (
    select
        members.area_kind,
        members.area,
        cells.scope,
        count(*) as n_cells,
        count(*) filter (where cells.n_points = 0) as n_without_value,
        count(*) filter (where cells.null_reason = 'NOT_COLLECTED') as n_not_collected,
        count(*) filter (where cells.null_reason = 'NOT_REPORTED') as n_not_reported,
        count(*) filter (where cells.null_reason = 'CONFIDENTIAL') as n_confidential,
        count(*) filter (where cells.null_reason = 'CANNOT_EXIST') as n_cannot_exist,
        count(*) filter (where cells.null_reason = 'GATE_BLOCKED') as n_gate_blocked
    from {{ ref('mart_availability') }} as cells
    inner join members on cells.ref_area = members.ref_area
    group by members.area_kind, members.area, cells.scope
)

select
    means.area_kind,
    means.area,
    means.scope,
    cast(means.n_countries as integer) as n_countries,
    cast(means.n_others as integer) as n_others,
    cast(indicators.n_indicators as integer) as n_indicators,
    means.availability_index,
    means.others_index,
    means.availability_index - means.others_index as visibility_gap,
    {% for column in ['n_cells', 'n_without_value', 'n_not_collected', 'n_not_reported', 'n_confidential',
        'n_cannot_exist', 'n_gate_blocked'] %}
    cast(reasons.{{ column }} as integer) as {{ column }},
    {% endfor %}
    cast(reasons.n_without_value - reasons.n_not_collected - reasons.n_not_reported - reasons.n_confidential
        - reasons.n_cannot_exist - reasons.n_gate_blocked as integer) as n_other_reason
from means
inner join indicators
    on means.area_kind = indicators.area_kind and means.area = indicators.area and means.scope = indicators.scope
inner join reasons
    on means.area_kind = reasons.area_kind and means.area = reasons.area and means.scope = reasons.scope
where means.n_others > 0
