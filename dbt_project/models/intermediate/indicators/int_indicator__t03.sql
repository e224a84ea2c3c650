-- T03, mirror gap in trade in recyclables, ratio from 0 to 1: the median of |X - M| / max(X, M) over a country's flows
-- with other member States (int_trade_mirror, methodology 3.10). Derived from UN Comtrade.
{% set gaps %}
select ref_area, year, mirror_gap as obs_value, false as is_break, 'F' as conf_status, null_reason
from {{ ref('int_trade_mirror') }}
{% endset %}
with gap as ({{ trade_values(gaps, 'netWgt', 'ratio', 'Derived: median over the flows of the list') }})

select {{ indicator_columns('t03', 'gap', reason='gap.null_reason') }}
from gap
