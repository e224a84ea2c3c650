-- Trade of the published groups with the rest of the world in all products of our list, one row a group, year and flow:
-- rows of member reporters with partners that are no members (methodology 3.10: i and j both members is left out). World
-- rows and products the year did not collect play no part. Liechtenstein and Monaco report inside others and are no
-- members here. Sorted, because a sum of floating-point numbers depends on their order. A weight is summed where at least the parameter's share of the value has one.
with members as (
    select groups.group_code, groups.ref_area
    from {{ ref('dim_country_group') }} as groups
    inner join {{ ref('countries') }} as countries on groups.ref_area = countries.ref_area
    where groups.is_published and groups.is_current and countries.trade_reported_within is null
),

reporters as (
    select distinct ref_area, year
    from {{ ref('int_trade_flow') }}
    where partner_kind <> 'world'
),

traded as (
    select
        members.group_code,
        flows.year,
        flows.flow,
        flows.ref_area,
        flows.weight_tonnes,
        flows.value_usd
    from {{ ref('int_trade_flow') }} as flows
    inner join members on flows.ref_area = members.ref_area
    left join members as inside on flows.partner = inside.ref_area and members.group_code = inside.group_code
    where flows.partner_kind <> 'world' and inside.ref_area is null
    order by members.group_code, flows.year, flows.flow, flows.ref_area, flows.hs_code, flows.partner
),

incomplete as (
    select members.group_code, scopes.year
    from {{ ref('int_trade_net') }} as scopes
    inner join members on scopes.ref_area = members.ref_area
    where scopes.is_incomplete
    group by members.group_code, scopes.year
),

summed as (
    select
        group_code,
        year,
        flow,
        count(distinct ref_area) filter (where value_usd > 0 or weight_tonnes > 0) as n_parts,
        sum(weight_tonnes) as weight_tonnes,
        case when count(value_usd) = count(*) then sum(value_usd) end as value_usd,
        coalesce(
            sum(value_usd) filter (where weight_tonnes is not null) / nullif(sum(value_usd), 0),
            cast(count(weight_tonnes) as double) / count(*)
        ) as weight_coverage
    from traded
    group by group_code, year, flow
),

population as (
    select ref_area, year, obs_value
    from {{ ref('fct_observation') }}
    where indicator = 'POP' and area_kind = 'country'
),

covered as (
    select
        members.group_code,
        years.year,
        count(*) as n_members,
        count(reporters.ref_area) as n_reporters,
        sum(case when reporters.ref_area is not null then population.obs_value end)
            / nullif(sum(population.obs_value), 0) as coverage_pop
    from members
    cross join (select distinct year from {{ ref('int_trade_flow') }}) as years
    left join reporters on members.ref_area = reporters.ref_area and years.year = reporters.year
    left join population on members.ref_area = population.ref_area and years.year = population.year
    group by members.group_code, years.year
)

select
    covered.group_code,
    covered.year,
    flows.flow,
    cast(covered.n_members as integer) as n_members,
    cast(covered.n_reporters as integer) as n_reporters,
    coalesce(covered.coverage_pop, 0) as coverage_pop,
    cast(coalesce(summed.n_parts, 0) as integer) as n_parts,
    summed.weight_coverage,
    case when summed.weight_coverage >= {{ parameter('min_weight_coverage') }} then summed.weight_tonnes end as weight_tonnes,
    summed.value_usd,
    case
        when covered.n_reporters < case
            when covered.group_code = 'UNECE' then {{ parameter('min_countries') }}
            else floor({{ parameter('min_share_subgroup') }} * covered.n_members) + 1
        end then 'COVERAGE'
        when coalesce(covered.coverage_pop, 0) < {{ parameter('min_coverage_pop') }} then 'COVERAGE'
        when incomplete.group_code is not null then 'COVERAGE'
    end as null_reason
from covered
cross join (values ('X'), ('M')) as flows (flow)
left join summed
    on covered.group_code = summed.group_code and covered.year = summed.year and flows.flow = summed.flow
left join incomplete on covered.group_code = incomplete.group_code and covered.year = incomplete.year
