-- Do material use and economic growth part ways? Tapio's class of every member State and published region, seen from
-- production and from the footprint, over the shorter and the longer span (methodology 3.7). Beside it: the class
-- under the stricter bound of growth, the classes with the base a year earlier and later, and for a region how many of
-- its members stand in which class, because an average can hide opposite ones. GDP is the World Bank's where it covers
-- the whole span, else the implied one; never both in one row.
with chosen as (
    select
        perspective,
        area_kind,
        area,
        span_years,
        case
            when count(*) filter (where gdp_source = 'WORLD_BANK' and base_shift = 0 and pressure_change is not null) = 1
                then 'WORLD_BANK'
            else 'IMPLIED'
        end as gdp_source
    from {{ ref('int_decoupling') }}
    group by perspective, area_kind, area, span_years
),

results as (
    select cells.*
    from {{ ref('int_decoupling') }} as cells
    inner join chosen
        on cells.perspective = chosen.perspective and cells.area_kind = chosen.area_kind and cells.area = chosen.area
        and cells.span_years = chosen.span_years and cells.gdp_source = chosen.gdp_source
),

headline as (
    select
        results.*,
        earlier.decoupling_class as class_base_earlier,
        later.decoupling_class as class_base_later
    from results
    inner join results as earlier
        on earlier.base_shift = -1
        and results.perspective = earlier.perspective and results.area_kind = earlier.area_kind
        and results.area = earlier.area and results.span_years = earlier.span_years
    inner join results as later
        on later.base_shift = 1
        and results.perspective = later.perspective and results.area_kind = later.area_kind
        and results.area = later.area and results.span_years = later.span_years
    where results.base_shift = 0
),

memberships as (
    select
        case indicator when 'A01' then 'production' when 'A06' then 'footprint' end as perspective,
        region,
        ref_area
    from {{ ref('int_region_member') }}
    where indicator in ('A01', 'A06') and region in (select region from {{ ref('int_published_region') }})
),

member_counts as (
    select
        memberships.perspective,
        memberships.region,
        members.span_years,
        {% for class in decoupling_classes() %}
        count(*) filter (where members.decoupling_class = '{{ class }}') as n_{{ class }},
        {% endfor %}
        count(*) filter (where members.decoupling_class = 'NOT_CLASSIFIABLE') as n_not_classifiable,
        count(*) filter (where members.pressure_change is null) as n_without_data
    from memberships
    inner join headline as members
        on members.area_kind = 'country'
        and memberships.perspective = members.perspective and memberships.ref_area = members.area
    group by memberships.perspective, memberships.region, members.span_years
),

groups as (
    select perspective, ref_area, {{ join_text('region') }} as member_of
    from memberships
    group by perspective, ref_area
)

select
    headline.perspective,
    headline.area_kind,
    headline.area,
    cast(headline.span_years as integer) as span_years,
    groups.member_of,
    headline.gdp_source,
    headline.start_year - 2 as start_first_year,
    headline.start_year as start_last_year,
    headline.end_year - 2 as end_first_year,
    headline.end_year as end_last_year,
    headline.n_countries,
    headline.n_members,
    headline.coverage_pop,
    headline.pressure_change,
    headline.gdp_change,
    headline.elasticity,
    headline.decoupling_class,
    headline.decoupling_class_strict,
    headline.class_base_earlier,
    headline.class_base_later,
    case
        when headline.pressure_change is not null then
            {% for shifted in ['class_base_earlier', 'class_base_later'] %}
            case
                when headline.{{ shifted }} = headline.decoupling_class then 0
                when {{ is_decoupling_class('headline.' ~ shifted) }} then 1
                when headline.{{ shifted }} = 'NOT_CLASSIFIABLE' then 1
                else 0
            end {{ '+' if not loop.last }}
            {% endfor %}
    end as n_flips,
    other.decoupling_class as other_perspective_class,
    {% for class in decoupling_classes() %}
    cast(member_counts.n_{{ class }} as integer) as n_{{ class }},
    {% endfor %}
    cast(member_counts.n_not_classifiable as integer) as n_not_classifiable,
    cast(member_counts.n_without_data as integer) as n_without_data,
    case when not {{ is_decoupling_class('headline.decoupling_class') }} then headline.decoupling_class end as null_reason
from headline
left join headline as other
    on headline.perspective <> other.perspective and headline.area_kind = other.area_kind
    and headline.area = other.area and headline.span_years = other.span_years
left join member_counts
    on headline.area_kind = 'region'
    and headline.perspective = member_counts.perspective and headline.area = member_counts.region
    and headline.span_years = member_counts.span_years
left join groups
    on headline.area_kind = 'country'
    and headline.perspective = groups.perspective and headline.area = groups.ref_area
