-- No published figure of trade in recyclables is one row of UN Comtrade: the same area, year and flow never shows the
-- amount of a single product, or of a single reporter of the region. A NET that equals one row stands beside both parts.
-- What to do: look at n_parts of the figure; mart_trade_recyclables counts them.
with published as (
    select area_kind, area, year, flow, unit_measure, obs_value
    from {{ ref('rpt_trade_recyclables') }}
    where obs_value <> 0 and flow in ('X', 'M')
),

single_rows as (
    select ref_area, year, flow, 't' as unit_measure, weight_tonnes as obs_value
    from {{ ref('int_trade_total') }}
    union all
    select ref_area, year, flow, 'USD', value_usd
    from {{ ref('int_trade_total') }}
)

select published.*
from published
inner join single_rows
    on published.year = single_rows.year and published.flow = single_rows.flow
    and published.unit_measure = single_rows.unit_measure and published.obs_value = single_rows.obs_value
where published.area_kind = 'region' or published.area = single_rows.ref_area
