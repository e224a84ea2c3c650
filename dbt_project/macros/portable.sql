{# What an engine other than DuckDB writes differently stands here and nowhere else. #}

{# The code of one dimension out of the canonical JSON text. #}
{% macro dimension(name) %}{{ return(adapter.dispatch('dimension')(name)) }}{% endmacro %}
{% macro default__dimension(name) %}json_extract_string(dimensions, '$."{{ name }}"'){% endmacro %}

{# Joins the distinct values of a group into one text, in a fixed order. #}
{% macro join_text(expression) %}{{ return(adapter.dispatch('join_text')(expression)) }}{% endmacro %}
{% macro default__join_text(expression) %}string_agg(distinct {{ expression }}, ';' order by {{ expression }}){% endmacro %}

{# The median; of an even count, the mean of the middle two (methodology 3.3). #}
{% macro median(expression) %}{{ return(adapter.dispatch('median')(expression)) }}{% endmacro %}
{% macro default__median(expression) %}median({{ expression }}){% endmacro %}

{# Every whole number from first to last, one a row, as column `year`. #}
{% macro years(first, last) %}{{ return(adapter.dispatch('years')(first, last)) }}{% endmacro %}
{% macro default__years(first, last) %}select cast(range as integer) as year from range({{ first }}, {{ last }} + 1){% endmacro %}

{# The codes of the marks that hold, in the order given, as one text; empty if none does. `marks`: code -> condition. #}
{% macro join_marks(marks) %}{{ return(adapter.dispatch('join_marks')(marks)) }}{% endmacro %}
{% macro default__join_marks(marks) %}
nullif(concat_ws(';'{% for code, condition in marks.items() %}, case when {{ condition }} then '{{ code }}' end{% endfor %}), '')
{% endmacro %}

{# A text as a number; null if it is none. #}
{% macro number_or_null(text) %}{{ return(adapter.dispatch('number_or_null')(text)) }}{% endmacro %}
{% macro default__number_or_null(text) %}try_cast({{ text }} as double){% endmacro %}

{# A sum in a fixed order: of floating-point numbers it depends on it. #}
{% macro ordered_sum(expression, key) %}{{ return(adapter.dispatch('ordered_sum')(expression, key)) }}{% endmacro %}
{% macro default__ordered_sum(expression, key) %}sum({{ expression }} order by {{ key }}){% endmacro %}
