{# The pieces every indicator model is made of. An indicator model has one row an area and year, with the columns of
   `indicator_columns`, whatever its formula. #}

{# The published values of one series, harmonised. Observations without an area are kept out here and fail a test. #}
{% macro series_values(series, where='true') %}
select ref_area, area_kind, time_period, year, obs_value, unit_measure, obs_status, obs_status_raw, conf_status,
    nature, comment_obs, source, vintage, snapshot_sha256
from {{ ref('int_observation') }}
where series = '{{ series }}' and ref_area is not null and unit_measure is not null and ({{ where }})
{% endmacro %}

{# A value published as it stands: `value` is the relation that carries it. #}
{% macro indicator_columns(code, value, numerator='null', denominator='null', zero_ambiguous='false', reason=none, breakdown="'_T'") %}
    '{{ code | upper }}' as indicator,
    {{ breakdown }} as breakdown,
    {{ value }}.ref_area,
    {{ value }}.time_period,
    {{ value }}.year,
    {{ value }}.obs_value,
    cast({{ numerator }} as double) as numerator,
    cast({{ denominator }} as double) as denominator,
    {{ value }}.unit_measure,
    {{ value }}.obs_status,
    {{ value }}.obs_status_raw,
    {{ value }}.conf_status,
    {{ value }}.nature,
    {{ zero_ambiguous }} as is_zero_ambiguous,
    {{ reason or null_reason(value) }} as null_reason,
    {{ value }}.source,
    {{ value }}.vintage,
    {{ value }}.snapshot_sha256,
    {{ value }}.comment_obs
{% endmacro %}

{# Why a published row carries no value (methodology 4: every null has one reason). #}
{% macro null_reason(value) %}
    case
        when {{ value }}.conf_status <> 'F' then 'CONFIDENTIAL'
        when {{ value }}.obs_value is not null then null
        when {{ value }}.obs_status = 'M' then 'CANNOT_EXIST'
        else 'NOT_REPORTED'
    end
{% endmacro %}

{# What the YAML of an indicator model says, without its code. #}
{% macro indicator_meta(code) %}
  {% if execute %}
    {% set found = graph.nodes.values() | selectattr('name', 'equalto', 'int_indicator__' ~ code) | first %}
    {{ return(found.config.meta) }}
  {% endif %}
  {{ return({}) }}
{% endmacro %}
