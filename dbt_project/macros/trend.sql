{# The value of a fitted trend in a year, back on the scale of the indicator (not yet held inside its limits). #}
{% macro trend_value(year) %}
    case
        when model = 'linear' then zb + beta * ({{ year }} - tb)
        when model in ('geometric', 'geomean') then exp(zb + beta * ({{ year }} - tb))
        when model = 'logit' then lower_limit + (upper_limit - lower_limit) / (1 + exp(-(zb + beta * ({{ year }} - tb))))
    end
{% endmacro %}

{# A value held inside the natural limits of its indicator; an indicator without limits leaves it as it is. #}
{% macro inside_limits(value) %}
    case
        when {{ value }} < lower_limit then lower_limit
        when {{ value }} > upper_limit then upper_limit
        else {{ value }}
    end
{% endmacro %}
