-- Trade in the products of our list as UN Comtrade's reporters give it: one row a reporter, partner, year, flow and
-- product, with the World row as a partner of its own. Only totals over second partner, transport and customs procedure
-- enter; partners that are groups or regions do not. Liechtenstein and Monaco trade inside Switzerland and France, so
-- a partner row of theirs is one of the country that reports for them. A weight of zero that was estimated, or stands
-- beside a value, is missing. Sorted, because a sum of floating-point numbers depends on their order.
with cells as (
    select
        ref_area,
        time_period,
        year,
        {{ dimension('partnerCode') }} as partner_code,
        {{ dimension('flowCode') }} as flow,
        {{ dimension('classificationCode') }} as hs_edition,
        {{ dimension('cmdCode') }} as reported_code,
        series,
        obs_value,
        obs_status
    from {{ ref('int_observation') }}
    where provider = 'comtrade'
        and ref_area is not null
        and conf_status = 'F'
        and coalesce({{ dimension('partner2Code') }}, '0') = '0'
        and coalesce({{ dimension('motCode') }}, '0') = '0'
        and coalesce({{ dimension('customsCode') }}, 'C00') = 'C00'
),

goods as (
    select
        ref_area,
        time_period,
        year,
        partner_code,
        flow,
        hs_edition,
        reported_code,
        max(case when series = 'netWgt' then obs_value end) as weight_tonnes,
        max(case when series = 'primaryValue' then obs_value end) as value_usd,
        coalesce(max(case when series = 'netWgt' and obs_status = 'E' then 1 end), 0) = 1 as is_estimated
    from cells
    where flow in ('M', 'X')
    group by ref_area, time_period, year, partner_code, flow, hs_edition, reported_code
),

partnered as (
    select
        goods.ref_area,
        case
            when partners.ref_area = 'WORLD' then 'WORLD'
            else coalesce(members.trade_reported_within, partners.ref_area)
        end as partner,
        goods.year,
        goods.flow,
        products.hs_code,
        goods.hs_edition,
        case
            when goods.weight_tonnes = 0 and (goods.is_estimated or goods.value_usd > 0) then null
            else goods.weight_tonnes * products.share
        end as weight_tonnes,
        goods.value_usd * products.share as value_usd
    from goods
    inner join {{ ref('int_trade_product') }} as products
        on goods.reported_code = products.reported_code
        and goods.hs_edition between products.first_edition and products.last_edition
    inner join {{ ref('area_codes') }} as codes
        on codes.code_list = 'comtrade_partner'
        and goods.partner_code = codes.code
        and {{ is_valid('codes', 'goods.time_period') }}
    inner join {{ ref('areas') }} as partners on codes.ref_area = partners.ref_area
    left join {{ ref('countries') }} as members on partners.ref_area = members.ref_area
    where partners.ref_area = 'WORLD' or partners.area_kind not in ('group', 'region')
)

select
    partnered.ref_area,
    partnered.partner,
    case
        when partnered.partner = 'WORLD' then 'world'
        when members.ref_area is not null then 'member'
        else 'other'
    end as partner_kind,
    partnered.year,
    partnered.flow,
    partnered.hs_code,
    max(partnered.hs_edition) as hs_edition,
    -- A part that is missing leaves the whole unknown.
    case when count(partnered.weight_tonnes) = count(*) then sum(partnered.weight_tonnes) end as weight_tonnes,
    case when count(partnered.value_usd) = count(*) then sum(partnered.value_usd) end as value_usd
from partnered
left join {{ ref('countries') }} as members on partnered.partner = members.ref_area
where partnered.partner <> partnered.ref_area
group by partnered.ref_area, partnered.partner, members.ref_area, partnered.year, partnered.flow, partnered.hs_code
order by partnered.ref_area, partnered.year, partnered.flow, partnered.hs_code, partnered.partner
