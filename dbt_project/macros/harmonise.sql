{# From a provider's codes to ours, in one place. `rows` is a relation's alias with provider, series, source_ref_area,
   time_period and source_unit. A code means an area only in the years in which its line of area_codes is valid: what
   joins nothing stays, with a null, and fails a test. Gives the aliases area_codes, areas and units. #}
{% macro join_areas_and_units(rows) %}
left join {{ ref('provider_code_lists') }} as lists on {{ rows }}.provider = lists.provider
left join {{ ref('area_codes') }} as area_codes
    on lists.code_list = area_codes.code_list
    and {{ rows }}.source_ref_area = area_codes.code
    and {{ is_valid('area_codes', rows ~ '.time_period') }}
left join {{ ref('areas') }} as areas on area_codes.ref_area = areas.ref_area
left join {{ ref('unit_conversions') }} as units
    on {{ rows }}.provider = units.provider
    and {{ rows }}.series = units.series and {{ rows }}.source_unit = units.source_unit
{% endmacro %}

{# Half a unit of the last decimal which the values of a group are published with, in our unit. `rows` is a relation's
   alias with obs_value_raw; `units` is that of the conversion of its unit. #}
{% macro half_unit(rows) -%}
    max(units.factor) * 0.5 * power(10, -max(length(split_part({{ rows }}.obs_value_raw, '.', 2))))
{%- endmacro %}

{# Whether a dated line of a reference table holds in a year, all of them text of four digits; an empty date is open. #}
{% macro is_valid(table, year) %}
    {{ year }} between coalesce(nullif({{ table }}.valid_from, ''), '0000') and coalesce(nullif({{ table }}.valid_to, ''), '9999')
{% endmacro %}

{# Whether one source (provider/dataset/series) stands in a list of them, joined by ';'. #}
{% macro is_in_sources(source, list) %}position(';' || {{ source }} || ';' in ';' || {{ list }} || ';') > 0{% endmacro %}
