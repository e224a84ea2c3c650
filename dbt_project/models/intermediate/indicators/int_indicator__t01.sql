-- T01, recyclable raw materials exported to countries outside the European Union, tonnes, as published by Eurostat
-- (cei_srm020). Its product list is Eurostat's and not the HS list of T02.
{% set exports = dimension('rawmat') ~ " = 'TOTAL' and " ~ dimension('stk_flow') ~ " = 'EXP_XEU27_2020'" %}
{{ published_series('t01', 'CEI_SRM020', exports, own_numerator=true) }}
