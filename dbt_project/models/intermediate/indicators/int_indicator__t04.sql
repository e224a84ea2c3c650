-- T04, exports of plastic waste (heading 3915), tonnes, to all the world. Derived from UN Comtrade (int_trade_total,
-- methodology 3.10). A total that came without its partners is one row of the provider and not for publication.
{% set totals %}
select
    ref_area,
    year,
    weight_tonnes as obs_value,
    false as is_break,
    case when n_partners < {{ parameter('min_trade_parts') }} then 'N' else 'F' end as conf_status,
    cast(null as varchar) as null_reason
from {{ ref('int_trade_total') }}
where hs_code = '3915' and flow = 'X'
union all
{{ reported_within() }}
{% endset %}
{% set rows = dimension('cmdCode') ~ " = '3915' and " ~ dimension('flowCode') ~ " = 'X'" %}
with exported as ({{ trade_values(totals, 'netWgt', 't', 'Derived: exports of heading 3915 to all partners', rows) }})

select {{ indicator_columns('t04', 'exported', numerator=free_value('exported'), reason='exported.null_reason') }}
from exported
