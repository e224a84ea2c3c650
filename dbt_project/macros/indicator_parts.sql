{# Pieces of indicator models whose values are parts of one thing, or need another unit than the source's. Like the
   bodies in indicator_models.sql they take queries with the columns of series_values. #}

{# Series that are the parts of one indicator: `parts` gives for the code of each breakdown the query of its values. #}
{% macro published_parts(code, parts, own_numerator=false) %}
with
{% for values in parts.values() %}
part_{{ loop.index }} as ({{ values }}){{ ',' if not loop.last }}
{% endfor %}
{% for breakdown in parts %}
{% set part = 'part_' ~ loop.index %}
select
    {{ indicator_columns(code, part, breakdown="'" ~ breakdown ~ "'",
        numerator=part ~ '.obs_value' if own_numerator else 'null') }}
from {{ part }}
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
