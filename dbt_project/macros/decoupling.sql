{# Decoupling by Tapio, methodology 3.7. #}

{# The class of a relation with pressure_change, gdp_change (per cent) and elasticity; below the growth bound there is none.
   An elasticity of 0 is weak, 0.8 and 1.2 are coupling. #}
{% macro decoupling_class(min_growth) %}
    case
        when null_reason is not null then null_reason
        when abs(gdp_change) < {{ parameter(min_growth) }} then 'NOT_CLASSIFIABLE'
        when gdp_change > 0 then case
            when elasticity < 0 then 'strong_decoupling'
            when elasticity < {{ parameter('decoupling_weak_limit') }} then 'weak_decoupling'
            when elasticity <= {{ parameter('decoupling_coupling_limit') }} then 'expansive_coupling'
            else 'expansive_negative_decoupling'
        end
        when pressure_change > 0 then 'strong_negative_decoupling'
        when elasticity < {{ parameter('decoupling_weak_limit') }} then 'weak_negative_decoupling'
        when elasticity <= {{ parameter('decoupling_coupling_limit') }} then 'recessive_coupling'
        else 'recessive_decoupling'
    end
{% endmacro %}

{# The eight classes, the best first. #}
{% macro decoupling_classes() %}{{ return(['strong_decoupling', 'weak_decoupling', 'expansive_coupling',
    'expansive_negative_decoupling', 'recessive_decoupling', 'recessive_coupling', 'weak_negative_decoupling',
    'strong_negative_decoupling']) }}{% endmacro %}

{# Whether a column holds a class, and no reason why there is none. #}
{% macro is_decoupling_class(column) %}{{ column }} in ('{{ decoupling_classes() | join("', '") }}'){% endmacro %}
