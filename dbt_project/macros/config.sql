{# One parameter of the method (seed method_config), as a number. #}
{% macro parameter(name) %}(select cast(value as double) from {{ ref('method_config') }} where parameter = '{{ name }}'){% endmacro %}

{# The year "now" means in every formula; it comes from the plan, never from the clock. #}
{% macro reference_year() %}(select reference_year from {{ source('lock', 'release') }}){% endmacro %}

{# Whether anything in this release is invented. #}
{% macro is_illustrative() %}(select illustrative from {{ source('lock', 'release') }}){% endmacro %}

{# A value of an indicator's meta as an SQL literal. #}
{% macro literal(value) %}
  {%- if value is none -%} null
  {%- elif value is boolean -%} {{ 'true' if value else 'false' }}
  {%- elif value is number -%} {{ value }}
  {%- else -%} '{{ value | string | replace("'", "''") }}'
  {%- endif -%}
{% endmacro %}
