-- M1 of regions with countries left out (methodology 3.5), one row a removal, indicator, breakdown and region: the
-- medians of I0, Icr and It (of the value at the target year where that is past) over the countries that remain, judged
-- by the same rules and the region's own target as the headline. Each country alone, and the first k together in the
-- order of the countries' own predictions, from the lowest and from the highest, as long as enough remain.
{% set key = 'indicator, breakdown, region' %}
with areas as (
    select *
    from {{ ref('int_m1_area') }}
    where variant = 'headline' and area_kind = 'region' and too_few is null
        and n_countries >= {{ parameter('min_countries') }}
),

members as (
    select
        predictions.indicator,
        predictions.breakdown,
        members.region,
        predictions.area as ref_area,
        predictions.i0,
        predictions.icr,
        predictions.it,
        past.at_target_value,
        areas.n_countries,
        row_number() over (
            partition by predictions.indicator, predictions.breakdown, members.region
            order by coalesce(predictions.it, past.at_target_value), predictions.area) as low,
        row_number() over (
            partition by predictions.indicator, predictions.breakdown, members.region
            order by coalesce(predictions.it, past.at_target_value) desc, predictions.area) as high
    from {{ ref('int_m1_prediction') }} as predictions
    inner join {{ ref('int_panel_region_member') }} as members
        on predictions.indicator = members.indicator and predictions.area = members.ref_area
        and members.membership_from = 'current'
    inner join areas
        on predictions.indicator = areas.indicator and predictions.breakdown = areas.breakdown
        and members.region = areas.area
    left join {{ ref('int_past_target_value') }} as past
        on predictions.variant = past.variant and predictions.indicator = past.indicator
        and predictions.breakdown = past.breakdown
        and predictions.area_kind = past.area_kind and predictions.area = past.area
    where predictions.variant = 'headline' and predictions.area_kind = 'country' and not predictions.break_in_fit
),

removals as (
    select 'leave_out_' || ref_area as removal, 1 as n_removed, {{ key }}, ref_area as alone, null as side, null as place
    from members
    {% for side in ['low', 'high'] %}
    union all
    select 'leave_out_{{ side }}_' || cast({{ side }} as varchar), {{ side }}, {{ key }}, null, '{{ side }}', {{ side }}
    from members
    where {{ side }} > 1 and n_countries - {{ side }} >= {{ parameter('min_countries') }}
    {% endfor %}
),

medians as (
    select
        removals.removal,
        removals.n_removed,
        {{ key }},
        count(*) as n_remaining,
        {{ median('members.i0') }} as median_i0,
        {{ median('members.icr') }} as median_icr,
        {{ median('members.it') }} as median_it,
        {{ median('members.at_target_value') }} as median_at_target
    from removals
    inner join members using ({{ key }})
    where case
        when removals.alone is not null then members.ref_area <> removals.alone
        when removals.side = 'low' then members.low > removals.place
        else members.high > removals.place
    end
    group by removals.removal, removals.n_removed, {{ key }}
),

replaced as (
    select
        medians.removal,
        medians.n_removed,
        areas.* replace (
            medians.median_i0 as i0,
            medians.median_icr as icr,
            medians.median_it as it,
            medians.median_at_target as at_target_value,
            case when medians.n_remaining < {{ parameter('min_countries') }} then 'INSUFFICIENT' end as too_few)
    from medians
    inner join areas
        on medians.indicator = areas.indicator and medians.breakdown = areas.breakdown and medians.region = areas.area
),

{{ m1_judged('replaced') }}

select removal as variant, n_removed, indicator, breakdown, area_kind, area, status
from judged
