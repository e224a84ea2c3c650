{# Pieces of indicator models whose values are parts of one thing, or need another unit than the source's. Like the
   bodies in indicator_models.sql they take queries with the columns of series_values. #}

{# Series that are the parts of one indicator: `parts` gives for the code of each breakdown the query of its values. #}
{% macro published_parts(code, parts, own_numerator=false) %}
with
{% for values in parts.values() %}
part_{{ loop.index }} as ({{ values }}){{ ',' if not loop.last }}
{% endfor %}
{% for breakdown in parts %}
{% set relation = 'part_' ~ loop.index %}
select
    {{ indicator_columns(code, relation, breakdown="'" ~ breakdown ~ "'",
        numerator=relation ~ '.obs_value' if own_numerator else 'null') }}
from {{ relation }}
{{ 'union all' if not loop.last }}
{% endfor %}
{% endmacro %}

{# Published values in another unit than the source's code says, `value` saying what becomes of the number. #}
{% macro restated_values(values, unit, value='obs_value') %}
select
    ref_area, area_kind, time_period, year, dimensions, {{ value }} as obs_value, '{{ unit }}' as unit_measure,
    obs_status, obs_status_raw, conf_status, nature, is_zero_ambiguous, comment_obs, source, vintage, snapshot_sha256
from ({{ values }}) as published_values
{% endmacro %}

{# Values derived from UN Comtrade's rows, with the columns of series_values and a reason. `values` is a query with
   ref_area, year, obs_value, is_break, conf_status (N: one row of a reporter and nothing else, S: it would give one
   away) and null_reason; `series` and `rows` say which of the provider's rows the values are made of. Rows may not be
   re-disseminated; that these are none is what "derived:" before the source says. A value that holds an estimate is
   estimated. #}
{% macro trade_values(values, series, unit, remark, rows=none) %}
select
    trade.ref_area,
    trade.year,
    cast(trade.year as varchar) as time_period,
    trade.obs_value,
    '{{ unit }}' as unit_measure,
    case
        when trade.obs_value is null then 'O' when trade.is_break then 'B' when reported.is_estimated then 'E' else 'A'
    end as obs_status,
    cast(null as varchar) as obs_status_raw,
    case when trade.obs_value is null then 'F' else trade.conf_status end as conf_status,
    'UNKNOWN' as nature,
    false as is_zero_ambiguous,
    case
        when trade.obs_value is null then coalesce(trade.null_reason, 'NOT_REPORTED')
        when trade.conf_status = 'N' then 'CONFIDENTIAL'
        when trade.conf_status = 'S' then 'CONF_SECONDARY'
    end as null_reason,
    '{{ remark }}' as comment_obs,
    reported.source,
    reported.vintage,
    reported.snapshot_sha256
from ({{ values }}) as trade
left join (
    select
        ref_area,
        year,
        count(*) filter (where obs_status = 'E') > 0 as is_estimated,
        {{ join_text("'derived:' || source") }} as source,
        {{ join_text('vintage') }} as vintage,
        {{ join_text('snapshot_sha256') }} as snapshot_sha256
    from {{ ref('int_observation') }}
    where provider = 'comtrade' and series = '{{ series }}' and obs_value is not null
        {%- if rows %} and {{ rows }}{% endif %}

    group by ref_area, year
) as reported
    on trade.ref_area = reported.ref_area and trade.year = reported.year
{% endmacro %}

{# The value where it is for publication. #}
{% macro free_value(relation) -%}
    case when {{ relation }}.conf_status = 'F' then {{ relation }}.obs_value end
{%- endmacro %}

{# Members that report their trade inside another country's: their own cell is empty, not zero, in every year. #}
{% macro reported_within() %}
select
    countries.ref_area,
    years.year,
    null as obs_value,
    false as is_break,
    'F' as conf_status,
    'REPORTED_WITHIN' as null_reason
from {{ ref('countries') }} as countries
cross join (select distinct year from {{ ref('int_trade_total') }}) as years
where countries.trade_reported_within is not null
{% endmacro %}

{# Net trade in our list, with exports and imports as breakdowns: `measure` is tonnes or usd. Where one of the two
   flows is a single row, the net would give it away, so both are kept back. #}
{% macro net_trade(code, measure, series, unit) %}
{% set least = parameter('min_trade_parts') %}
{% set one_export = '(n_exported < ' ~ least ~ ')' %}
{% set one_import = '(n_imported < ' ~ least ~ ')' %}
{% set flows = {
    '_T': ('exported_' ~ measure ~ ' - imported_' ~ measure, one_export ~ ' <> ' ~ one_import, 'S'),
    'EXP': ('exported_' ~ measure, one_export, 'N'),
    'IMP': ('imported_' ~ measure, one_import, 'N')} %}
with
{% for value, is_withheld, conf_status in flows.values() %}
{% set values %}
select
    ref_area,
    year,
    {{ value }} as obs_value,
    is_break,
    case when {{ is_withheld }} then '{{ conf_status }}' else 'F' end as conf_status,
    case when is_incomplete then 'NOT_COLLECTED' end as null_reason
from {{ ref('int_trade_net') }}
union all
{{ reported_within() }}
{% endset %}
part_{{ loop.index }} as (
    {{ trade_values(values, series, unit, 'Derived: sum over the headings of our list') }}
){{ ',' if not loop.last }}
{% endfor %}
{% for breakdown in flows %}
{% set relation = 'part_' ~ loop.index %}
select
    {{ indicator_columns(code, relation, breakdown="'" ~ breakdown ~ "'", numerator=free_value(relation),
        reason=relation ~ '.null_reason') }}
from {{ relation }}
{{ 'union all' if not loop.last }}
{% endfor %}
{% endmacro %}
