-- What each member of a region traded with other members of it: one row a trade indicator, breakdown, region, member and
-- year, in the indicator's unit and sense (net: exports minus imports). A regional sum leaves it out, because trade
-- between members is none of the region's (methodology 3.10: i and j both members). Derived from UN Comtrade
-- (int_trade_flow). Sorted, because a sum of floating-point numbers depends on their order.
with flows as (
    select
        ref_area,
        partner,
        year,
        flow,
        hs_code,
        weight_tonnes,
        value_usd
    from {{ ref('int_trade_flow') }}
    where partner_kind <> 'world'
),

measured as (
    {% for indicator, measure in {'T02': 'weight_tonnes', 'T02_USD': 'value_usd'}.items() %}
    select '{{ indicator }}' as indicator, '_T' as breakdown, ref_area, partner, year, hs_code, flow,
        case flow when 'X' then {{ measure }} else -{{ measure }} end as amount
    from flows
    union all
    select '{{ indicator }}' as indicator, case flow when 'X' then 'EXP' else 'IMP' end as breakdown, ref_area, partner,
        year, hs_code, flow, {{ measure }} as amount
    from flows
    union all
    {% endfor %}
    select 'T04' as indicator, '_T' as breakdown, ref_area, partner, year, hs_code, flow, weight_tonnes as amount
    from flows
    where hs_code = '3915' and flow = 'X'
),

inside as (
    select measured.*, members.region
    from measured
    inner join {{ ref('int_region_member') }} as members
        on measured.indicator = members.indicator and measured.ref_area = members.ref_area
    inner join {{ ref('int_region_member') }} as partners
        on members.indicator = partners.indicator and members.region = partners.region
        and measured.partner = partners.ref_area
    where measured.amount is not null
    order by
        measured.indicator, measured.breakdown, members.region, measured.ref_area, measured.year, measured.hs_code,
        measured.flow, measured.partner
)

select indicator, breakdown, region, ref_area, year, sum(amount) as intra_value
from inside
group by indicator, breakdown, region, ref_area, year
