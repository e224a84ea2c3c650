{# The pieces which regional values share (methodology 3.3). #}

{# How many countries a regional value needs: the registry's minimum in the region of 56, more than half of the members
   in a sub-group. #}
{% macro region_minimum(region, n_members, registry_minimum) %}
    cast(case
        when {{ region }} = 'UNECE' then coalesce({{ registry_minimum }}, {{ parameter('min_countries') }})
        else floor({{ parameter('min_share_subgroup') }} * {{ n_members }}) + 1
    end as integer)
{% endmacro %}

{# Whether a value is estimated, imputed, forecast or modelled, by its status or by its nature. #}
{% macro is_imputed(cells) %}coalesce({{ cells }}.obs_status in ('E', 'I', 'F') or {{ cells }}.nature in ('E', 'M', 'G'), false){% endmacro %}

{# The columns of what a member brings to a regional value. #}
{% macro contribution_columns() %}{{ return([
    'indicator', 'breakdown', 'region', 'ref_area', 'year', 'obs_value', 'intra_value', 'numerator', 'denominator', 'full_denominator',
    'population', 'is_imputed', 'is_provisional', 'is_break', 'is_suppressed']) }}{% endmacro %}

{# Which points of which members a variant reads, as one text. #}
{% macro panel_points(variants) %}
    {{ variants }}.points_from || '/' || {{ variants }}.membership_from || case when {{ variants }}.excludes_estimated then '/observed' else '' end
{% endmacro %}

{# All that decides a variant's windows, as one text (int_panel_setting). #}
{% macro panel_setting(variants, rule='agg_rule') %}
    {{ panel_points(variants) }} || '/' || {{ variants }}.method_from
        || '/' || cast({{ variants }}.base_shift as varchar) || '/' || cast({{ variants }}.window_shift as varchar)
        || case when {{ variants }}.drops_last_year then '/dropped' else '' end || '/' || coalesce({{ variants }}.{{ rule }}, '')
{% endmacro %}
