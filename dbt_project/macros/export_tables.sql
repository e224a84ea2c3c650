{# Writes every table of the marts and of the release as Parquet, so that only dbt ever opens the database.
   Nothing is written unless every model, test and seed of the run succeeded. #}
{% macro export_tables(results) %}
  {% if execute and flags.WHICH == 'build' %}
    {% set failed = results | selectattr('status', 'in', ['error', 'fail', 'skipped', 'runtime error']) | list %}
    {% if failed | length == 0 %}
      {% for node in graph.nodes.values() | sort(attribute='name') %}
        {% if node.resource_type == 'model' and node.fqn[1] in ('marts', 'release') %}
          {# Quoted, because a key may be called like a word of SQL. #}
          {% set keys = node.config.meta.get('primary_key', []) | map('tojson') | list %}
          {% do run_query(
            "copy (select * from " ~ node.relation_name ~ (" order by " ~ keys | join(", ") if keys else "") ~ ") to '"
            ~ env_var('CIRCULARITY_WAREHOUSE', 'target/warehouse') ~ "/export/" ~ node.name ~ ".parquet' (format parquet, compression zstd)") %}
        {% endif %}
      {% endfor %}
    {% endif %}
  {% endif %}
{% endmacro %}
