-- Every partner of UN Comtrade is in area_codes, in that year: trade with an unmapped partner would vanish from every sum
-- by partner (fault S04). Code 492 is Europe EU, not elsewhere specified, and never Monaco.
-- What to do: add the code to connectors/reference/area_codes.csv (and the area to areas.csv), with its source.
with traded as (
    select
        provider,
        dataset,
        time_period,
        {{ dimension('partnerCode') }} as partner,
        count(*) as n_rows
    from {{ ref('int_staged') }}
    where provider = 'comtrade'
    group by 1, 2, 3, 4
)

select traded.*
from traded
left join {{ ref('area_codes') }} as codes
    on codes.code_list = 'comtrade_partner'
    and traded.partner = codes.code
    and {{ is_valid('codes', 'traded.time_period') }}
where codes.ref_area is null
