{# What the sensitivity analysis repeats (methodology 3.5). #}

{# Start and end value of a panel of members, by the rule of the region, and how many they are. #}
{% macro removal_values() %}
    {% for side in ['start', 'end'] %}
    case agg_rule
        when 'SUM' then sum({{ side }}_obs_value)
        when 'RSUM_MATCHED' then sum({{ side }}_numerator) / nullif(sum({{ side }}_denominator), 0)
        when 'MEAN' then avg({{ side }}_obs_value)
        when 'MEDIAN' then {{ median(side ~ '_obs_value') }}
    end as {{ side }}_value,
    {% endfor %}
    count(*) as n_remaining
{% endmacro %}
