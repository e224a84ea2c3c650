{# What the methods M2 (Eurostat), M3 (UN progress chart) and M4 (Open SDG) share, methodology 3.4. Does not belong here:
   the rules 1 to 8 that come before every method, and the colours (macros/progress.sql). #}

{# The number that meets a threshold (a ratio, a rate in the desired direction, a score), held to so many decimals that a
   threshold met on paper is met here as well: the binary form of 201 / 200 - 1 is a little less than 0.005. What it is
   made of is not rounded: a rate that is divided by another keeps all its digits. Adding zero takes the sign off a zero. #}
{% macro held(value) %}(0 + round({{ value }}, cast({{ parameter('ratio_digits') }} as integer))){% endmacro %}

{# Compound annual growth rate: (last / first) ^ (1 / years) - 1, with true years; null from zero or over no time. #}
{% macro cagr(first, last, years) %}
    power({{ last }} / nullif({{ first }}, 0), 1.0 / nullif({{ years }}, 0)) - 1
{% endmacro %}

{# Whether a value lies as near as `points` percentage points to the natural limit in the desired direction. Only a
   scale from 0 to 100 has percentage points; null where there is no such limit or value. #}
{% macro near_limit(value, points) %}
    lower_limit = 0 and upper_limit = 100 and abs({{ value }} - {{ limit_ahead() }}) <= {{ points }}
{% endmacro %}

{# The natural limit that lies in the desired direction; null where there is none. #}
{% macro limit_ahead() %}case direction when 1 then upper_limit when -1 then lower_limit end{% endmacro %}

{# A straight line from knot to knot, level before the first and after the last. `knots`: pairs of column names (x, y),
   x rising. Each piece adds its own rise, so that no knot is decided by a comparison. #}
{% macro piecewise(x, knots) %}
    case when {{ x }} is not null then {{ held(knots[0][1] ~ piecewise_rises(x, knots)) }} end
{% endmacro %}

{% macro piecewise_rises(x, knots) %}
    {%- for k in range(1, knots | length) %}
        + (greatest({{ knots[k - 1][0] }}, least({{ x }}, {{ knots[k][0] }})) - {{ knots[k - 1][0] }})
            * ({{ knots[k][1] }} - {{ knots[k - 1][1] }}) / ({{ knots[k][0] }} - {{ knots[k - 1][0] }})
    {%- endfor -%}
{% endmacro %}

{# The M4 score of a series that has a target, from R = 100 d CAGR / |required|. #}
{% macro m4_target_score(ratio) %}
    {{ piecewise(ratio, [
        ('m4_ratio_worst', 'm4_score_worst'),
        ('m4_ratio_acceleration', 'm4_score_acceleration'),
        ('m4_ratio_best', 'm4_score_best')]) }}
{% endmacro %}

{# The M4 score of a series without a target, from d CAGR. #}
{% macro m4_rate_score(rate) %}
    {{ piecewise(rate, [
        ('m4_rate_worst', 'm4_score_worst'),
        ('m4_rate_limited', 'm4_score_limited'),
        ('m4_rate_acceleration', 'm4_score_acceleration'),
        ('m4_rate_on_track', 'm4_score_on_track'),
        ('m4_rate_best', 'm4_score_best')]) }}
{% endmacro %}

{# The M4 status is the band of the score, for one series and for an indicator alike. #}
{% macro m4_band(score) %}
    case
        when {{ score }} >= m4_score_on_track then 'on_track'
        when {{ score }} >= m4_score_acceleration then 'acceleration'
        when {{ score }} >= m4_score_limited then 'limited'
        when {{ score }} is not null then 'deterioration'
    end
{% endmacro %}

{# Parameters of the method each run has (int_run), one row a run, one column a parameter. #}
{% macro method_thresholds(names) %}
    select
        variants.variant,
        {% for name in names %}
        {{ variant_parameter(name, 'variants.method_from') }} as {{ name }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('int_run') }} as variants
{% endmacro %}

{# What the results of M2, M3 and M4 carry on from int_progress_growth, whatever the method. #}
{% macro growth_columns(rows) %}
    {{ rows }}.variant,
    {{ rows }}.indicator,
    {{ rows }}.breakdown,
    {{ rows }}.area_kind,
    {{ rows }}.area,
    {{ rows }}.time_window,
    {{ rows }}.start_year,
    {{ rows }}.start_value,
    {{ rows }}.end_year,
    {{ rows }}.end_value,
    {{ rows }}.target_value,
    {{ rows }}.target_year,
    {{ rows }}.target_expression,
    {{ rows }}.target_verified,
    {{ rows }}.at_target_value,
    {{ rows }}.cagr,
    {{ rows }}.required_cagr,
    {{ rows }}.n_points,
    {{ rows }}.n_countries,
    {{ rows }}.base_shifted,
    {{ rows }}.late_data,
    {{ rows }}.late,
    {{ rows }}.worsening
{% endmacro %}

{# The marks of a result of M2, M3 or M4: those of its window, then the method's own (mark: condition). #}
{% macro growth_marks(rows, own={}) %}
    {%- set marks = {
        'LATE': rows ~ '.late',
        'LATE_DATA': rows ~ '.late_data',
        'WORSENING': rows ~ '.worsening',
        'AT_LIMIT': rows ~ '.is_at_limit',
        'BASE_SHIFTED': rows ~ '.base_shifted'} -%}
    {%- do marks.update(own) -%}
    {{ join_marks(marks) }}
{% endmacro %}
