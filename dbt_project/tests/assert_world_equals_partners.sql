-- World totals of UN Comtrade which differ from the sum of their partners by more than the parameter's share (methodology
-- 3.10). A warning: the World row is the total in any case, and partners are never added to it.
{{ config(severity='warn') }}
select ref_area, year, flow, hs_code, control_difference
from {{ ref('int_trade_total') }}
where is_off_control
