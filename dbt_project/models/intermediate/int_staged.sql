-- The rows of all staging models, one below the other: what every later model starts from.
{{ config(materialized='view') }}
{% for model in staging_models() %}
select * from {{ ref(model) }}
{{ 'union all' if not loop.last }}
{% endfor %}
