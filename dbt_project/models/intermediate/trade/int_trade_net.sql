-- Trade of a reporter in all headings of our list with all the world, one row a reporter and year. A flow with a
-- heading whose weight (or value) is missing has no sum of weights (or values). A year in which nobody reports a
-- heading that the reporter's edition of the Harmonized System has was not collected whole, and has no sum at all.
-- Where the edition brings a heading more or less than in the reporter's year before, the series breaks: what stands
-- before it is another list (methodology 3.10).
with collected as (
    select year, hs_code from {{ ref('int_trade_total') }} group by year, hs_code
),

editions as (
    select ref_area, year, max(hs_edition) as hs_edition
    from {{ ref('int_trade_total') }}
    group by ref_area, year
),

headings as (
    select
        editions.ref_area,
        editions.year,
        count(distinct listed.hs_code) as n_headings,
        count(distinct collected.hs_code) as n_collected
    from editions
    inner join {{ ref('int_trade_product') }} as listed
        on editions.hs_edition between listed.first_edition and listed.last_edition
    left join collected on editions.year = collected.year and listed.hs_code = collected.hs_code
    group by editions.ref_area, editions.year
),

scopes as (
    select
        ref_area,
        year,
        n_collected < n_headings as is_incomplete,
        coalesce(n_headings <> lag(n_headings) over (partition by ref_area order by year), false) as is_break
    from headings
),

flows as (
    select
        ref_area,
        year,
        {% for name, flow in [('exported', 'X'), ('imported', 'M')] %}
        {% for unit, measure in [('tonnes', 'weight_tonnes'), ('usd', 'value_usd')] %}
        case
            when count({{ measure }}) filter (where flow = '{{ flow }}') = count(*) filter (where flow = '{{ flow }}')
                then sum({{ measure }}) filter (where flow = '{{ flow }}')
        end as {{ name }}_{{ unit }},
        {% endfor %}
        count(*) filter (where flow = '{{ flow }}') as n_{{ name }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('int_trade_total') }}
    group by ref_area, year
)

select
    flows.ref_area,
    flows.year,
    case when not scopes.is_incomplete then flows.exported_tonnes end as exported_tonnes,
    case when not scopes.is_incomplete then flows.imported_tonnes end as imported_tonnes,
    case when not scopes.is_incomplete then flows.exported_usd end as exported_usd,
    case when not scopes.is_incomplete then flows.imported_usd end as imported_usd,
    cast(flows.n_exported as integer) as n_exported,
    cast(flows.n_imported as integer) as n_imported,
    scopes.is_incomplete,
    scopes.is_break
from flows
inner join scopes on flows.ref_area = scopes.ref_area and flows.year = scopes.year
