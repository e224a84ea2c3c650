-- How much recyclable material is traded? Exports, imports and their difference (NET = X - M) in all products of our list:
-- of each member State with all the world, of each published region with the rest of the world (methodology 3.10, entry
-- point 5). One row an area, year, flow and unit. `n_parts` counts the products (of a country) or reporters (of a region)
-- behind a figure: one made of a single part could be a row of UN Comtrade and is not for publication. Our list is not the
-- scope of Eurostat's cei_srm020.
with parts as (
    select ref_area, year, flow, count(*) filter (where weight_tonnes > 0 or value_usd > 0) as n_parts
    from {{ ref('int_trade_total') }}
    group by ref_area, year, flow
),

years as (
    select distinct year
    from {{ ref('int_trade_flow') }}
    where year between {{ parameter('first_year') }} and {{ reference_year() }}
),

country_flows as (
    select
        'country' as area_kind,
        countries.ref_area as area,
        years.year,
        flows.flow,
        units.unit_measure,
        cast(1 as integer) as n_reporters,
        cast(1 as integer) as n_members,
        coalesce(parts.n_parts, 0) as n_parts,
        case flows.flow
            when 'X' then case units.unit_measure when 't' then net.exported_tonnes else net.exported_usd end
            else case units.unit_measure when 't' then net.imported_tonnes else net.imported_usd end
        end as obs_value,
        case
            when countries.trade_reported_within is not null then 'REPORTED_WITHIN'
            when net.is_incomplete then 'COVERAGE'
        end as reason
    from {{ ref('countries') }} as countries
    cross join years
    cross join (values ('X'), ('M')) as flows (flow)
    cross join (values ('t'), ('USD')) as units (unit_measure)
    left join {{ ref('int_trade_net') }} as net on countries.ref_area = net.ref_area and years.year = net.year
    left join parts
        on countries.ref_area = parts.ref_area and years.year = parts.year and flows.flow = parts.flow
),

region_flows as (
    select
        'region' as area_kind,
        cells.group_code as area,
        cells.year,
        cells.flow,
        units.unit_measure,
        cells.n_reporters,
        cells.n_members,
        cells.n_parts,
        case units.unit_measure when 't' then cells.weight_tonnes else cells.value_usd end as obs_value,
        case
            when cells.null_reason is not null then cells.null_reason
            when units.unit_measure = 't' and cells.weight_coverage < {{ parameter('min_weight_coverage') }} then 'COVERAGE'
        end as reason
    from {{ ref('int_trade_extra_group') }} as cells
    inner join years on cells.year = years.year
    cross join (values ('t'), ('USD')) as units (unit_measure)
),

flows as (
    select * from country_flows
    union all
    select * from region_flows
),

explained as (
    select
        area_kind,
        area,
        year,
        flow,
        unit_measure,
        n_reporters,
        n_members,
        n_parts,
        case when reason is null then obs_value end as obs_value,
        coalesce(reason, case when obs_value is null then 'NOT_REPORTED' end) as null_reason
    from flows
),

balances as (
    select
        exports.area_kind,
        exports.area,
        exports.year,
        'NET' as flow,
        exports.unit_measure,
        exports.n_reporters,
        exports.n_members,
        least(exports.n_parts, imports.n_parts) as n_parts,
        exports.obs_value - imports.obs_value as obs_value,
        coalesce(exports.null_reason, imports.null_reason) as null_reason
    from explained as exports
    inner join explained as imports
        on imports.flow = 'M'
        and exports.area_kind = imports.area_kind and exports.area = imports.area
        and exports.year = imports.year and exports.unit_measure = imports.unit_measure
    where exports.flow = 'X'
)

select
    area_kind,
    area,
    year,
    flow,
    unit_measure,
    cast(n_reporters as integer) as n_reporters,
    cast(n_members as integer) as n_members,
    cast(n_parts as integer) as n_parts,
    obs_value,
    n_parts >= {{ parameter('min_trade_parts') }} as is_publishable,
    null_reason
from explained
union all
select
    area_kind, area, year, flow, unit_measure, cast(n_reporters as integer), cast(n_members as integer),
    cast(n_parts as integer), obs_value, n_parts >= {{ parameter('min_trade_parts') }}, null_reason
from balances
