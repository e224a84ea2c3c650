{# One parameter of the method (seed method_config), as a number. #}
{% macro parameter(name) %}(select cast(value as double) from {{ ref('method_config') }} where parameter = '{{ name }}'){% endmacro %}

{# One parameter of the method as the variant of the row has it, as a number: the preceding release's where the column
   `method_from` (int_variant) of the relation says `previous`, else the present one. Subselects without correlation: each
   runs once a query. A unit test gives `ref('method_config')` without rows and `ref('int_previous_parameter')`. #}
{% macro variant_parameter(name, method_from='method_from') %}coalesce(
    case when {{ method_from }} = 'previous' then
        (select value from {{ ref('int_previous_parameter') }} where parameter = '{{ name }}')
    end, {{ parameter(name) }})
{%- endmacro %}

{# The year "now" means in every formula; it comes from the plan, never from the clock. #}
{% macro reference_year() %}(select reference_year from {{ source('lock', 'release') }}){% endmacro %}

{# Whether anything in this release is invented. #}
{% macro is_illustrative() %}(select illustrative from {{ source('lock', 'release') }}){% endmacro %}

{# A value of an indicator's meta as an SQL literal; a list is joined with ';'. #}
{% macro literal(value) %}
  {%- if value is none -%} null
  {%- elif value is boolean -%} {{ 'true' if value else 'false' }}
  {%- elif value is number -%} {{ value }}
  {%- elif value is sequence and value is not string -%} '{{ value | join(';') }}'
  {%- else -%} '{{ value | string | replace("'", "''") }}'
  {%- endif -%}
{% endmacro %}
