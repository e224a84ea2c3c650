{# M1 (UNECE and ESCAP), methodology 3.4. D direction, I0 base, Icr latest, TV target, It prediction for T. #}

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
{% macro near_target() %}(abs(target_value - i0) < {{ parameter('near_target') }} * abs(target_value)){% endmacro %}

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

{# Status of an area; the rules apply in this order. `too_few` is the reason when there are too few points or
   countries, null when there are enough; `at_target_year` is the value a past target is judged by. #}
{% macro progress_status() %}
    case
        when direction = 0 then 'NOT_ASSESSED'
        when not has_target then 'NO_TARGET'
        when too_few = 'NO_DATA' then 'NO_DATA'
        when target_value is null then 'NO_TARGET'
        when too_few is not null then case when is_country and n_points = 1 and {{ met('icr') }} then 'achieved' else too_few end
        when {{ met('icr') }} then 'achieved'
        when at_limit then 'achieved'
        when is_past then case when {{ met('at_target_year') }} then 'MET' else 'MISSED' end
        when it is null then 'UNABLE'
        when {{ near_target() }} then case when {{ met('it') }} then 'maintain' else 'reverse' end
        when {{ met('i0') }} then case when {{ met('it') }} then 'accelerate' else 'reverse' end
        when p <= {{ parameter('maintain_limit') }} then 'maintain'
        when p < {{ parameter('reverse_limit') }} then 'accelerate'
        else 'reverse'
    end
{% endmacro %}

{# The common colours of methodology 3.5. #}
{% macro progress_colour(status) %}
    case
        when {{ status }} in ('achieved', 'maintain', 'MET') then 'green'
        when {{ status }} = 'accelerate' then 'yellow'
        when {{ status }} in ('reverse', 'MISSED') then 'red'
        else 'grey'
    end
{% endmacro %}
