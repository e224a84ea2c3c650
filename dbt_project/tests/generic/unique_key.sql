{# The named columns identify a row. Quoted, because a column may be called like a word of SQL. #}
{% test unique_key(model, columns) %}
{% set key = columns | map('tojson') | join(', ') %}
select {{ key }}, count(*) as n_rows
from {{ model }}
group by {{ key }}
having count(*) > 1
{% endtest %}
