-- What one change does to a headline colour (methodology 3.5), one row an indicator, breakdown, kind of area, area, method,
-- window and change, for every result that has a colour. Changes, in this order: each country of a region left out
-- alone, then the sensitivity runs of int_variant. Another rule of aggregation concerns regions in M2 to M4, another
-- trend M1. A colour that becomes another colour flips; one that becomes grey is lost, which is no flip: the change
-- leaves too little to judge.
{% set key = 'indicator, breakdown, area_kind, area, method, time_window' %}
with changes as (
    select variant as change, 0 as step, {{ key }}, status, colour
    from {{ ref('int_removal') }}
    where n_removed = 1
    union all
    select progress.variant as change, variants.step, {{ key }}, progress.status, progress.colour
    from {{ ref('int_progress') }} as progress
    inner join {{ ref('int_variant') }} as variants on progress.variant = variants.variant
    where variants.kind = 'sensitivity'
        and (variants.agg_rule is null or (progress.area_kind = 'region' and progress.method <> 'M1'))
        and (not variants.alternative_trend or progress.method = 'M1')
),

compared as (
    select
        {{ key }},
        changes.change,
        cast(row_number() over (
            partition by {{ key }} order by changes.step, changes.change) as integer) as change_order,
        headline.status,
        headline.colour,
        changes.status as changed_status,
        changes.colour as changed_colour,
        changes.colour not in ('grey', headline.colour) as flips,
        changes.colour = 'grey' as is_lost
    from changes
    inner join {{ ref('fct_progress') }} as headline using ({{ key }})
    where headline.colour <> 'grey'
)

select
    *,
    flips and change_order = min(case when flips then change_order end) over (partition by {{ key }}) as is_first_flip
from compared
