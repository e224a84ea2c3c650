-- Can value chains be traced? Companies with sustainability reports, information duties under the environmental agreements
-- and hazardous waste sent and received, latest value of every member State; and, of each published region, by how much
-- its exporters and importers of hazardous waste differ: |EXP - IMP| / max(EXP, IMP) over the members that give both,
-- in the latest year in which more than half of them do (15 of the 56). SDG 12.4.2 names no partner, so that trade with
-- countries outside the region is in the difference too (entry point 3).
with slots as ({{ latest_slots('traceability') }}),

both_flows as (
    select exports.ref_area, exports.year, exports.obs_value as exported, imports.obs_value as imported
    from {{ ref('fct_observation') }} as exports
    inner join {{ ref('fct_observation') }} as imports
        on imports.indicator = 'T05' and imports.breakdown = 'IMP'
        and exports.ref_area = imports.ref_area and exports.year = imports.year
    where exports.indicator = 'T05' and exports.breakdown = 'EXP'
        and exports.area_kind = 'country'
        and exports.obs_value is not null and imports.obs_value is not null
    order by exports.ref_area, exports.year
),

regions as (
    select
        regions.region,
        regions.n_members,
        case
            when regions.region = 'UNECE' then cast({{ parameter('min_countries') }} as integer)
            else cast(floor({{ parameter('min_share_subgroup') }} * regions.n_members) as integer) + 1
        end as min_members
    from {{ ref('int_published_region') }} as regions
    where regions.indicator = 'T05'
),

regional as (
    select
        regions.region,
        both_flows.year,
        count(*) as n_countries,
        sum(both_flows.exported) as exported,
        sum(both_flows.imported) as imported
    from regions
    inner join {{ ref('int_region_member') }} as members
        on members.indicator = 'T05' and regions.region = members.region
    inner join both_flows on members.ref_area = both_flows.ref_area
    group by regions.region, regions.min_members, both_flows.year
    having count(*) >= regions.min_members
),

latest as (
    select *, row_number() over (partition by region order by year desc) as place
    from regional
),

discrepancies as (
    select
        regions.region,
        latest.year,
        latest.n_countries,
        abs(latest.exported - latest.imported) / nullif(greatest(latest.exported, latest.imported), 0) as discrepancy,
        case
            when latest.year is null then 'COVERAGE'
            when latest.exported = 0 and latest.imported = 0 then 'ZERO_DENOMINATOR'
        end as null_reason
    from regions
    left join latest on regions.region = latest.region and latest.place = 1
)

select
    'country' as area_kind,
    ref_area as area,
    theme,
    indicator,
    breakdown,
    title_en,
    unit_measure,
    cast(null as integer) as n_countries,
    latest_year,
    latest_value,
    obs_status,
    null_reason
from slots
union all
select
    'region',
    region,
    'HAZARDOUS_WASTE',
    'T05',
    'DISCREPANCY',
    'Hazardous waste: difference between exporters and importers',
    'ratio',
    cast(coalesce(n_countries, 0) as integer),
    year,
    discrepancy,
    case when null_reason is null then 'A' end,
    null_reason
from discrepancies
