{# The pieces every indicator model is made of. An indicator model has one row a breakdown, area and year, with the
   columns of `indicator_columns`, whatever its formula. Whole bodies of models stand in indicator_models.sql. #}

{# The published values of one series, harmonised. Observations without an area are kept out here and fail a test. #}
{% macro series_values(series, where=none) %}
select ref_area, area_kind, time_period, year, dimensions, obs_value, unit_measure, obs_status, obs_status_raw,
    conf_status, nature, comment_obs, source, vintage, snapshot_sha256,
    {{ 'coalesce(obs_value = 0, false)' if has_ambiguous_zeros(series) else 'false' }} as is_zero_ambiguous
from {{ ref('int_observation') }}
where series = '{{ series }}'
    {%- if where %} and ({{ where }}){% endif %}
    -- Together: a text joined to a null is null.
    and ref_area || unit_measure is not null

{% endmacro %}

{# The values of one series that may be a numerator or a denominator: none that is confidential, nor a zero that may
   mean missing. #}
{% macro part_values(series, where=none) %}
{{ series_values(series, where) }}
    and conf_status = 'F'
    {%- if has_ambiguous_zeros(series) %} and obs_value <> 0{% endif %}

{% endmacro %}

{# The filter of one material, or of their total ALP, in UNSD's material flow series. #}
{% macro is_material(product='ALP') %}{{ return(dimension('Type of product') ~ " = '" ~ product ~ "'") }}{% endmacro %}

{# Whether a published zero of this series may mean missing (methodology 4 names the series by their beginnings). #}
{% macro has_ambiguous_zeros(series) %}
  {{ return(series.startswith(('EN_MAT', 'SG_SCP', 'EN_SCP', 'ER_FFS', 'EN_EWT'))) }}
{% endmacro %}

{# The columns source, vintage and snapshot_sha256 of a value made of several relations: the first is always there,
   of the others those that joined. Each list names its parts in the same order. #}
{% macro joined_provenance(first, others) %}
    {% for column in ['source', 'vintage', 'snapshot_sha256'] %}
    {{ first }}.{{ column }}
        {%- for other in others %}
        || case when {{ other }}.source is null then '' else ';' || {{ other }}.{{ column }} end
        {%- endfor %} as {{ column }}
    {{- ',' if not loop.last }}
    {% endfor %}
{% endmacro %}

{# A remark with what else is to be said of the value; either may be null. #}
{% macro joined_remarks(first, second) %}
    case
        when {{ first }} is null then {{ second }}
        when {{ second }} is null then {{ first }}
        else {{ first }} || ' | ' || {{ second }}
    end
{% endmacro %}

{# The columns of an indicator: `value` is the relation that carries the value. #}
{% macro indicator_columns(
    code, value, numerator='null', denominator='null', zero_ambiguous=none, reason=none, breakdown="'_T'") %}
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
    {{ zero_ambiguous or value ~ '.is_zero_ambiguous' }} as is_zero_ambiguous,
    {{ reason or null_reason(value) }} as null_reason,
    {{ value }}.source,
    {{ value }}.vintage,
    {{ value }}.snapshot_sha256,
    {{ value }}.comment_obs
{% endmacro %}

{# Why a published row carries no value (methodology 4: every null has one reason). A value that a reviewed
   correction withholds was reported: its remark begins with the correction's name. #}
{% macro null_reason(value) %}
    case
        when {{ value }}.conf_status <> 'F' then 'CONFIDENTIAL'
        when {{ value }}.obs_value is not null then null
        else {{ empty_reason(value) }}
    end
{% endmacro %}

{# The same of a row that is known to be empty. #}
{% macro empty_reason(value) %}
    case
        when {{ value }}.obs_status = 'M' then 'CANNOT_EXIST'
        when {{ value }}.comment_obs like 'Correction %' then 'GATE_BLOCKED'
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
