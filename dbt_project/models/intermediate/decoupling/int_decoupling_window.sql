-- The two means of three years between which decoupling is judged, over the shorter and the longer span (methodology 3.7):
-- the end is the latest three years with both values (for a region, with both values in enough members), the start lies
-- a span before, and one year earlier and later for the test of the base. Each mean needs its three years. A region is
-- the fixed panel of its members with both values in all six years; its means are sums over that panel.
with areas as (
    select
        perspectives.perspective,
        perspectives.indicator,
        'country' as area_kind,
        countries.ref_area as area,
        countries.ref_area,
        1 as min_members,
        false as is_out_of_scope
    from (values ('production', 'A01'), ('footprint', 'A06')) as perspectives (perspective, indicator)
    cross join {{ ref('countries') }} as countries
    union all
    select
        perspectives.perspective,
        perspectives.indicator,
        'region',
        members.region,
        members.ref_area,
        case
            when members.region = 'UNECE' then registry.min_countries
            else cast(floor({{ parameter('min_share_subgroup') }} * regions.n_members) as integer) + 1
        end,
        registry.scope = 'E' and members.region = 'UNECE'
    from (values ('production', 'A01'), ('footprint', 'A06')) as perspectives (perspective, indicator)
    inner join {{ ref('int_published_region') }} as regions on perspectives.indicator = regions.indicator
    inner join {{ ref('int_region_member') }} as members
        on regions.indicator = members.indicator and regions.region = members.region
    inner join {{ ref('int_registry') }} as registry on perspectives.indicator = registry.indicator
),

sources as (
    select 'WORLD_BANK' as gdp_source
    union all
    select 'IMPLIED'
),

known as (
    select areas.perspective, cells.gdp_source, areas.area_kind, areas.area, areas.min_members, cells.year, count(*) as n_known
    from areas
    inner join {{ ref('int_decoupling_value') }} as cells
        on areas.perspective = cells.perspective and areas.ref_area = cells.ref_area
    group by areas.perspective, cells.gdp_source, areas.area_kind, areas.area, areas.min_members, cells.year
),

ends as (
    select
        perspective,
        gdp_source,
        area_kind,
        area,
        coalesce(max(case when n_known >= min_members then year end), max(year)) as end_year
    from known
    group by perspective, gdp_source, area_kind, area
),

spans as (
    select cast({{ parameter('decoupling_span_short') }} as integer) as span_years
    union all
    select cast({{ parameter('decoupling_span_long') }} as integer)
),

shifts as (
    select -1 as base_shift
    union all
    select 0
    union all
    select 1
),

windows as (
    select
        ends.perspective,
        ends.gdp_source,
        ends.area_kind,
        ends.area,
        spans.span_years,
        shifts.base_shift,
        ends.end_year,
        ends.end_year - spans.span_years + shifts.base_shift as start_year
    from ends
    cross join spans
    cross join shifts
),

-- Every value of a member inside one of the two means.
inside as (
    select
        windows.perspective,
        windows.gdp_source,
        windows.area_kind,
        windows.area,
        windows.span_years,
        windows.base_shift,
        cells.ref_area,
        cells.year > windows.start_year as is_end,
        cells.pressure,
        cells.gdp
    from windows
    inner join areas
        on windows.perspective = areas.perspective and windows.area_kind = areas.area_kind and windows.area = areas.area
    inner join {{ ref('int_decoupling_value') }} as cells
        on windows.perspective = cells.perspective and windows.gdp_source = cells.gdp_source
        and areas.ref_area = cells.ref_area
    where cells.year between windows.start_year - 2 and windows.start_year
        or cells.year between windows.end_year - 2 and windows.end_year
),

panels as (
    select perspective, gdp_source, area_kind, area, span_years, ref_area
    from inside
    where base_shift = 0
    group by perspective, gdp_source, area_kind, area, span_years, ref_area
    having count(*) = 6
),

summed as (
    select
        inside.perspective,
        inside.gdp_source,
        inside.area_kind,
        inside.area,
        inside.span_years,
        inside.base_shift,
        count(distinct inside.ref_area) as n_countries,
        count(*) as n_values,
        sum(inside.pressure) filter (where not inside.is_end) / 3 as pressure_start,
        sum(inside.pressure) filter (where inside.is_end) / 3 as pressure_end,
        sum(inside.gdp) filter (where not inside.is_end) / 3 as gdp_start,
        sum(inside.gdp) filter (where inside.is_end) / 3 as gdp_end
    from inside
    inner join panels
        on inside.perspective = panels.perspective and inside.gdp_source = panels.gdp_source
        and inside.area_kind = panels.area_kind and inside.area = panels.area
        and inside.span_years = panels.span_years and inside.ref_area = panels.ref_area
    group by
        inside.perspective, inside.gdp_source, inside.area_kind, inside.area, inside.span_years, inside.base_shift
),

population as (
    select ref_area, year, obs_value
    from {{ ref('fct_observation') }}
    where indicator = 'POP' and area_kind = 'country'
),

covered as (
    select
        ends.perspective,
        ends.gdp_source,
        ends.area_kind,
        ends.area,
        spans.span_years,
        sum(case when panels.ref_area is not null then population.obs_value end)
            / nullif(sum(population.obs_value), 0) as coverage_pop
    from ends
    cross join spans
    inner join areas on ends.perspective = areas.perspective and ends.area_kind = areas.area_kind and ends.area = areas.area
    left join population on areas.ref_area = population.ref_area and ends.end_year = population.year
    left join panels
        on ends.perspective = panels.perspective and ends.gdp_source = panels.gdp_source
        and ends.area_kind = panels.area_kind and ends.area = panels.area
        and spans.span_years = panels.span_years and areas.ref_area = panels.ref_area
    group by ends.perspective, ends.gdp_source, ends.area_kind, ends.area, spans.span_years
),

wanted as (
    select
        areas.perspective,
        sources.gdp_source,
        areas.area_kind,
        areas.area,
        spans.span_years,
        shifts.base_shift,
        areas.is_out_of_scope,
        areas.min_members,
        count(*) as n_members
    from areas
    cross join sources
    cross join spans
    cross join shifts
    group by
        areas.perspective, sources.gdp_source, areas.area_kind, areas.area, spans.span_years, shifts.base_shift,
        areas.is_out_of_scope, areas.min_members
),

judged as (
    select
        wanted.perspective,
        wanted.gdp_source,
        wanted.area_kind,
        wanted.area,
        wanted.span_years,
        wanted.base_shift,
        windows.start_year,
        windows.end_year,
        cast(coalesce(summed.n_countries, 0) as integer) as n_countries,
        cast(wanted.n_members as integer) as n_members,
        covered.coverage_pop,
        summed.pressure_start,
        summed.pressure_end,
        summed.gdp_start,
        summed.gdp_end,
        case
            when wanted.is_out_of_scope then 'COVERAGE'
            when windows.end_year is null then 'NO_DATA'
            when wanted.area_kind = 'region' and coalesce(summed.n_countries < wanted.min_members, true) then 'PANEL_TOO_SMALL'
            when wanted.area_kind = 'region' and coalesce(covered.coverage_pop < {{ parameter('min_coverage_pop') }}, true)
                then 'COVERAGE'
            when coalesce(summed.n_values < 6 * summed.n_countries, true) then 'INSUFFICIENT'
            when summed.pressure_start = 0 or summed.gdp_start = 0 then 'ZERO_DENOMINATOR'
        end as null_reason
    from wanted
    left join windows
        on wanted.perspective = windows.perspective and wanted.gdp_source = windows.gdp_source
        and wanted.area_kind = windows.area_kind and wanted.area = windows.area
        and wanted.span_years = windows.span_years and wanted.base_shift = windows.base_shift
    left join summed
        on wanted.perspective = summed.perspective and wanted.gdp_source = summed.gdp_source
        and wanted.area_kind = summed.area_kind and wanted.area = summed.area
        and wanted.span_years = summed.span_years and wanted.base_shift = summed.base_shift
    left join covered
        on wanted.perspective = covered.perspective and wanted.gdp_source = covered.gdp_source
        and wanted.area_kind = covered.area_kind and wanted.area = covered.area and wanted.span_years = covered.span_years
)

select
    perspective,
    gdp_source,
    area_kind,
    area,
    span_years,
    base_shift,
    start_year,
    end_year,
    n_countries,
    n_members,
    coverage_pop,
    {% for mean in ['pressure_start', 'pressure_end', 'gdp_start', 'gdp_end'] %}
    case when null_reason is null then {{ mean }} end as {{ mean }},
    {% endfor %}
    null_reason
from judged
