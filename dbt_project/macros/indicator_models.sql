{# Whole bodies of indicator models, for what recurs: a published series, a published rate with the parts its regional
   value is made of, a rate derived from its parts, an indicator without a source. `values` and the like are queries
   with the columns of series_values. #}

{# A series as its publisher states it. A sum (own_numerator) is the numerator of its own regional value. #}
{% macro published_values(code, values, breakdown="'_T'", own_numerator=false) %}
with published as ({{ values }})

select
    {{ indicator_columns(code, 'published', breakdown=breakdown,
        numerator='published.obs_value' if own_numerator else 'null') }}
from published
{% endmacro %}

{% macro published_series(code, series, where=none, breakdown="'_T'", own_numerator=false) %}
{{ published_values(code, series_values(series, where), breakdown=breakdown, own_numerator=own_numerator) }}
{% endmacro %}

{# A published rate; numerator and denominator (part_values) make its regional value: rate = factor * numerator /
   denominator. Where no numerator is published (none, or empty and implied is true) it is implied: rate *
   denominator, unless the rate is confidential. #}
{% macro published_rate(code, rate, denominator, numerator=none, factor=1, denominator_factor=1, implied=false) %}
with published as ({{ rate }}),

{% if numerator is not none %}
numerators as ({{ numerator }}),

{% endif %}
denominators as ({{ denominator }})

{% set below = times(denominator_factor, 'denominators.obs_value') %}
{% set above = times(factor, 'numerators.obs_value') %}
{% set product = '(' ~ free_value('published') ~ ') * ' ~ below %}
{% set above = product if numerator is none else 'coalesce(' ~ above ~ ', ' ~ product ~ ')' if implied else above %}
select
    {{ indicator_columns(code, 'published', denominator=below, numerator=above) }}
from published
{% if numerator is not none %}
left join numerators
    on published.ref_area = numerators.ref_area and published.time_period = numerators.time_period
{% endif %}
left join denominators
    on published.ref_area = denominators.ref_area and published.time_period = denominators.time_period
{% endmacro %}

{% macro times(factor, value) %}{{ return(value if factor == 1 else factor ~ ' * ' ~ value) }}{% endmacro %}

{# The rows of a value derived from two series: factor * numerator / denominator. It inherits status and nature of its
   numerator and names both sources; a published zero numerator that may mean missing marks the derived zero too.
   With its parts, where the regional value is made of them. #}
{% macro derived_values(numerator, denominator, factor, unit, remark, with_parts=false) %}
select
    numerators.ref_area,
    numerators.area_kind,
    numerators.time_period,
    numerators.year,
    case when numerators.conf_status = 'F' and denominators.conf_status = 'F' then
        {{ factor }} * numerators.obs_value / nullif(denominators.obs_value, 0)
    end as obs_value,
    {% if with_parts %}
    {{ times(factor, free_value('numerators')) }} as numerator,
    {{ free_value('denominators') }} as denominator,
    {% endif %}
    '{{ unit }}' as unit_measure,
    numerators.obs_status,
    numerators.obs_status_raw,
    case
        when numerators.conf_status = 'F' and denominators.conf_status <> 'F' then denominators.conf_status
        else numerators.conf_status
    end as conf_status,
    numerators.nature,
    numerators.is_zero_ambiguous,
    case
        when numerators.conf_status <> 'F' or denominators.conf_status <> 'F' then 'CONFIDENTIAL'
        when numerators.obs_value is null then {{ empty_reason('numerators') }}
        when denominators.obs_value = 0 then 'ZERO_DENOMINATOR'
        when denominators.obs_value is null then 'NO_DENOMINATOR'
    end as null_reason,
    {{ joined_provenance('numerators', ['denominators']) }},
    {{ joined_remarks("cast('" ~ remark ~ "' as varchar)", 'numerators.comment_obs') }} as comment_obs
from ({{ numerator }}) as numerators
left join ({{ denominator }}) as denominators
    on numerators.ref_area = denominators.ref_area and numerators.time_period = denominators.time_period
{% endmacro %}

{# A rate which nobody publishes for us, or not well: derived, with its parts beside it. #}
{% macro derived_rate(code, numerator, denominator, factor, unit, remark) %}
with derived as ({{ derived_values(numerator, denominator, factor, unit, remark, with_parts=true) }})

select
    {{ indicator_columns(code, 'derived', numerator='derived.numerator', denominator='derived.denominator',
        reason='derived.null_reason') }}
from derived
{% endmacro %}

{# An indicator of the registry that has no source: no rows; its meta (slot_reason) says why. #}
{% macro empty_indicator(code) %}
select
    '{{ code | upper }}' as indicator,
    cast(null as varchar) as breakdown,
    cast(null as varchar) as ref_area,
    cast(null as varchar) as time_period,
    cast(null as integer) as year,
    cast(null as double) as obs_value,
    cast(null as double) as numerator,
    cast(null as double) as denominator,
    cast(null as varchar) as unit_measure,
    cast(null as varchar) as obs_status,
    cast(null as varchar) as obs_status_raw,
    cast(null as varchar) as conf_status,
    cast(null as varchar) as nature,
    cast(null as boolean) as is_zero_ambiguous,
    cast(null as varchar) as null_reason,
    cast(null as varchar) as source,
    cast(null as varchar) as vintage,
    cast(null as varchar) as snapshot_sha256,
    cast(null as varchar) as comment_obs
where false
{% endmacro %}
