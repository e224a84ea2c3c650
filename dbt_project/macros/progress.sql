{# The rules all methods share, and M1 (UNECE and ESCAP), methodology 3.4. D direction, I0 base, Icr latest, TV target, It
   prediction for T. #}

{# Whether a value has reached the target: D * (y - TV) >= 0. #}
{% macro met(value) %}(direction * ({{ value }} - target_value) >= 0){% endmacro %}

{# The value of a champion target for an area that starts from `base`: I0 * (1 + r)^15, or I0 + 15 r, in the limits.
   From zero no rate leads anywhere: an unbounded scale then has no target. #}
{% macro champion_value(base, rate) %}
    case when {{ rate }} is not null and {{ base }} is not null and (is_bounded or {{ base }} <> 0) then
        {{ inside_limits("case
            when is_bounded then " ~ base ~ " + " ~ rate ~ " * " ~ parameter('champion_years') ~ "
            else " ~ base ~ " * power(1 + " ~ rate ~ ", " ~ parameter('champion_years') ~ ")
        end") }}
    end
{% endmacro %}

{# Whether base and target are too near for a ratio: |TV - I0| < 5 % of |TV|. #}
{% macro near_target() %}(abs(target_value - i0) < {{ variant_parameter('near_target') }} * abs(target_value)){% endmacro %}

{# The columns csi, ap, p of a relation with direction, i0, icr, it, target_value. No ratio is formed where base and
   target are too near or the base has met the target already. #}
{% macro progress_ratios() %}
    case
        when {{ met('icr') }} then 10
        when not {{ met('i0') }} and not {{ near_target() }} then 10 * direction * (icr - i0) / abs(target_value - i0)
    end as csi,
    case
        when not {{ met('i0') }} and not {{ near_target() }} then 10 * direction * (it - i0) / abs(target_value - i0)
    end as ap,
    case
        when not {{ met('i0') }} and not {{ near_target() }} then 100 * (target_value - it) / (target_value - i0)
    end as p
{% endmacro %}

{# Rules 1 to 7 of methodology 3.4, which every method (M1 to M4) applies before its own formula, in this order; rule 8, the
   base, is in the windows and in int_progress_base. Gives the status, or null: then the method's formula decides.
   The relation has these columns:
     direction       1, -1 or 0 (registry)
     needs_target    the method cannot do without a target (M1: true; M2 to M4: false)
     has_target      a target applies to this area in this method (a champion target is none for M2 to M4)
     target_value    its value; null where has_target is false (for M2 to M4 a champion target too), or where the area has
                     no base to apply it to
     is_binary       registry: the value is yes (1) or no (0)
     is_growth_rate  registry: the values are rates of growth
     mixed_signs     a ratio method, and values of both signs (M1: false, a linear trend is allowed)
     n_points        points the area has in all (a region: any number from 2 on, its reason stands in too_few)
     too_few         why the area may have no colour whatever its values are, or null: of a region COVERAGE,
                     PANEL_TOO_SMALL, NO_WEIGHT, INSUFFICIENT (gate G15). The missing window of a country is not meant:
                     rules 5 to 7 need none.
     end_value       the latest value
     at_limit        base and latest at the natural limit in the desired direction (macro at_limit)
     is_past         the target year is over
     at_target_value the value a past target is judged by
   Null counts as unknown: no outcome is drawn from it. #}
{% macro first_rules() %}
    case
        when direction = 0 then 'NOT_ASSESSED'
        when needs_target and not has_target then 'NO_TARGET'
        when n_points = 0 or end_value is null then 'NO_DATA'
        when needs_target and target_value is null then 'NO_TARGET'
        when too_few is not null then too_few
        when is_binary and {{ met('end_value') }} then 'achieved'
        when is_binary and not {{ met('end_value') }} then 'not_achieved'
        when n_points = 1 then case when {{ met('end_value') }} then 'achieved' else 'INSUFFICIENT' end
        when is_growth_rate or mixed_signs then 'UNABLE'
        when {{ met('end_value') }} then 'achieved'
        when at_limit then 'achieved'
        when is_past and {{ met('at_target_value') }} then 'MET'
        when is_past and not {{ met('at_target_value') }} then 'MISSED'
    end
{% endmacro %}

{# Rule 6: two values at the natural limit that lies in the desired direction; a scale that is open there has none. #}
{% macro at_limit(base, latest) %}
    coalesce(case direction
        when 1 then {{ base }} = upper_limit and {{ latest }} = upper_limit
        when -1 then {{ base }} = lower_limit and {{ latest }} = lower_limit
    end, false)
{% endmacro %}

{# The status of M1 from i0, it and p, for areas the first rules (column first_status) leave open. #}
{% macro m1_status() %}
    case
        when first_status is not null then first_status
        when it is null then 'UNABLE'
        when {{ near_target() }} then case when {{ met('it') }} then 'maintain' else 'reverse' end
        when {{ met('i0') }} then case when {{ met('it') }} then 'accelerate' else 'reverse' end
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
        when {{ status }} in ('accelerate', 'moderate', 'insufficient', '2', 'acceleration', 'limited') then 'yellow'
        when {{ status }} in ('reverse', 'away', 'moderate_away', 'significant_away', '1', 'deterioration', 'MISSED',
            'not_achieved') then 'red'
        else 'grey'
    end
{% endmacro %}
