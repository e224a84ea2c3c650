-- The trade of a reporter in one product with all the world, one row a reporter, year, flow and product. World is the
-- reporter's own total and is never added to partners: it is compared with their sum, and a difference above the
-- parameter's share is marked. Where World is missing the sum of partners stands in, if each of them is known.
with summed as (
    select
        ref_area,
        year,
        flow,
        hs_code,
        max(hs_edition) as hs_edition,
        max(case when partner_kind = 'world' then weight_tonnes end) as world_tonnes,
        max(case when partner_kind = 'world' then value_usd end) as world_usd,
        case
            when count(weight_tonnes) filter (where partner_kind <> 'world') = count(*) filter (where partner_kind <> 'world')
                then sum(weight_tonnes) filter (where partner_kind <> 'world')
        end as partners_tonnes,
        case
            when count(value_usd) filter (where partner_kind <> 'world') = count(*) filter (where partner_kind <> 'world')
                then sum(value_usd) filter (where partner_kind <> 'world')
        end as partners_usd,
        count(*) filter (where partner_kind <> 'world') as n_partners
    from {{ ref('int_trade_flow') }}
    group by ref_area, year, flow, hs_code
),

compared as (
    select
        *,
        coalesce(
            abs(partners_usd - world_usd) / nullif(world_usd, 0),
            abs(partners_tonnes - world_tonnes) / nullif(world_tonnes, 0)
        ) as control_difference
    from summed
)

select
    ref_area,
    year,
    flow,
    hs_code,
    hs_edition,
    coalesce(world_tonnes, partners_tonnes) as weight_tonnes,
    coalesce(world_usd, partners_usd) as value_usd,
    cast(n_partners as integer) as n_partners,
    control_difference,
    coalesce(control_difference > {{ parameter('trade_control_share') }}, false) as is_off_control
from compared
order by ref_area, year, flow, hs_code
