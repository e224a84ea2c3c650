{# The rules all methods share, and M1 (UNECE and ESCAP), methodology 3.4. D direction, I0 base, Icr latest, TV target, It
   prediction for T. #}

{# Whether a value has reached the target: D * (y - TV) >= 0. #}
{% macro met(value) %}(direction * ({{ value }} - target_value) >= 0){% endmacro %}

{# What a champion rate makes of `base`, not yet held inside the limits: I0 * (1 + r)^15, or I0 + 15 r on a bounded scale.
   From zero no compound rate leads anywhere: an unbounded scale then has no target. #}
{% macro champion_value(base, rate) %}
    case
        when is_bounded then {{ base }} + {{ rate }} * {{ parameter('champion_years') }}
        when {{ base }} <> 0 then {{ base }} * power(1 + {{ rate }}, {{ parameter('champion_years') }})
    end
{% endmacro %}

{# Whether base and target are too near for a ratio: |TV - I0| < 5 % of |TV|. #}
{% macro near_target() %}(abs(target_value - i0) < {{ variant_parameter('near_target') }} * abs(target_value)){% endmacro %}

{# The columns csi, ap, p of a relation with i0, icr, it, target_value and is_met (the latest value), base_is_met, is_near.
   No ratio is formed where base and target are too near or the base has met the target already: elsewhere D is the sign
   of TV - I0, so that D / |TV - I0| is 1 / (TV - I0) and P = 100 - 10 AP. #}
{% macro progress_ratios() %}
    case
        when is_met then 10
        when not base_is_met and not is_near then 10 * (icr - i0) / (target_value - i0)
    end as csi,
    case when not base_is_met and not is_near then 10 * (it - i0) / (target_value - i0) end as ap,
    case when not base_is_met and not is_near then 100 * (target_value - it) / (target_value - i0) end as p
{% endmacro %}

{# Rules 1 to 7 of methodology 3.4, which every method applies before its own formula, in this order; rule 8, the base, is
   in the windows and in int_progress_base. Gives the status, or null: then the method's formula decides.
   is_ratio: M2, M3 and M4 form ratios of values and can do without a target; M1 (false) needs one and forms none.
   The relation has these columns, of which null counts as unknown: no outcome is drawn from it.
     direction        1, -1 or 0 (registry)
     has_target       a target applies to this area (M1)
     target_value     its value; null where none applies (to M2 to M4 no champion target does), or where the area has no
                      base to apply it to
     is_met           the latest value has met the target (macro met)
     is_binary        registry: the value is yes (1) or no (0)
     is_growth_rate   registry: the values are rates of growth
     mixed_signs      values of both signs (M2 to M4; in M1 a linear trend is allowed)
     n_points         points the area has in all (a region: null, or any number from 2 on; its reason stands in too_few)
     too_few          why the area may have no colour whatever its values are, or null: of a region COVERAGE,
                      PANEL_TOO_SMALL, NO_WEIGHT, INSUFFICIENT (gate G15). The missing window of a country is not meant:
                      rules 5 to 7 need none.
     end_value        the latest value
     at_limit         base and latest at the natural limit in the desired direction (macro at_limit)
     is_past          the target year is over
     is_met_at_target the value a past target is judged by has met it #}
{% macro first_rules(is_ratio) %}
    case
        when direction = 0 then 'NOT_ASSESSED'
        {% if not is_ratio %}
        when not has_target then 'NO_TARGET'
        {% endif %}
        when end_value is null then 'NO_DATA'
        {% if not is_ratio %}
        when target_value is null then 'NO_TARGET'
        {% endif %}
        when too_few is not null then too_few
        when is_binary and not is_met then 'not_achieved'
        when n_points = 1 and is_met then 'achieved'
        when n_points = 1 then 'INSUFFICIENT'
        when is_growth_rate {{ 'or mixed_signs' if is_ratio }} then 'UNABLE'
        when is_met or at_limit then 'achieved'
        when is_past and is_met_at_target then 'MET'
        when is_past and not is_met_at_target then 'MISSED'
    end
{% endmacro %}

{# Rule 6: two values at the natural limit that lies in the desired direction; a scale that is open there has none. #}
{% macro at_limit(base, latest) %}
    case direction
        when 1 then {{ base }} = upper_limit and {{ latest }} = upper_limit
        when -1 then {{ base }} = lower_limit and {{ latest }} = lower_limit
    end
{% endmacro %}

{# The CTEs `measured`, `ruled` and `judged` of M1, over a relation of the columns of int_m1_area: what the rules ask of
   base, latest value and prediction, then the ratios (progress_ratios) and first_status (first_rules), then the status. #}
{% macro m1_judged(areas) %}
measured as (
    select
        *,
        icr as end_value,
        {{ at_limit('i0', 'icr') }} as at_limit,
        {{ met('i0') }} as base_is_met,
        {{ met('icr') }} as is_met,
        {{ met('it') }} as prediction_is_met,
        {{ met('at_target_value') }} as is_met_at_target,
        {{ near_target() }} as is_near
    from {{ areas }}
),

ruled as (
    select
        *,
        {{ progress_ratios() }},
        {{ first_rules(is_ratio=false) }} as first_status
    from measured
),

judged as (
    select
        *,
        {{ m1_status() }} as status
    from ruled
)
{%- endmacro %}

{# The status of M1 from it and p, for areas the first rules (column first_status) leave open; prediction_is_met: It meets
   the target. #}
{% macro m1_status() %}
    case
        when first_status is not null then first_status
        when it is null then 'UNABLE'
        when is_near then case when prediction_is_met then 'maintain' else 'reverse' end
        when base_is_met then case when prediction_is_met then 'accelerate' else 'reverse' end
        else {{ m1_band('p') }}
    end
{% endmacro %}

{# The bands of P. P = 100 is ambiguous in the sources; we choose red. #}
{% macro m1_band(p) %}
    case
        when {{ p }} <= {{ variant_parameter('maintain_limit') }} then 'maintain'
        when {{ p }} < {{ variant_parameter('reverse_limit') }} then 'accelerate'
        else 'reverse'
    end
{% endmacro %}

{# The common colours of methodology 3.5, for the statuses of all methods; what is not achieved of yes or no is red. #}
{% macro progress_colour(status) %}
    case
        when {{ status }} in ('achieved', 'maintain', 'significant', '3', 'on_track', 'MET') then 'green'
        when {{ status }} in ('accelerate', 'moderate', 'insufficient', 'no_change', '2', 'acceleration', 'limited') then 'yellow'
        when {{ status }} in ('reverse', 'away', 'moderate_away', 'significant_away', '1', 'deterioration', 'MISSED',
            'not_achieved') then 'red'
        else 'grey'
    end
{% endmacro %}
