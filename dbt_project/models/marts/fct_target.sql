-- The target of every area that has one: its value today and the value frozen when it was first set, which is the one
-- that judges. Frozen once: a value the preceding release froze stands, also for an area that has no data now; a
-- target that all areas share has one frozen value; a champion rate is frozen with its indicator, so that an area
-- which comes later is judged by the same rate. Grain: indicator, breakdown, area and kind of area, since EU27 is both a
-- published aggregate and a region of ours.
with release as (
    select release_id from {{ source('lock', 'release') }}
),

-- Only what was frozen for the same target counts: a step that has moved on is a new target.
frozen as (
    select
        previous.indicator,
        coalesce(previous.breakdown, '_T') as breakdown,
        previous.area,
        previous.area_kind,
        previous.target_value,
        previous.champion_rate,
        previous.frozen_vintage,
        targets.target_expression,
        targets.scope,
        targets.kind,
        targets.target_year,
        targets.target_verified
    from {{ source('predecessor', 'rpt_target') }} as previous
    inner join {{ ref('int_target_definition') }} as targets
        on previous.indicator = targets.indicator
        and previous.target_expression = targets.target_expression
        and previous.target_year = targets.target_year
),

frozen_indicator as (
    select
        indicator,
        breakdown,
        max(champion_rate) as champion_rate,
        max(case when kind not in ('champion', 'own_base') then target_value end) as shared_value,
        min(frozen_vintage) as frozen_vintage
    from frozen
    group by indicator, breakdown
),

based as (
    -- A country starts from the base its own assessment uses, on this side of any break. Where no point lies near the base
    -- year the fit does not speak for it: rule 8 gives the base.
    select
        base.area_kind,
        base.indicator,
        base.breakdown,
        base.area,
        case when base.has_point_near_base then coalesce(predictions.i0, base.base_value) else base.base_value end as own_base
    from {{ ref('int_progress_base') }} as base
    left join {{ ref('int_m1_prediction') }} as predictions
        on base.variant = predictions.variant and base.indicator = predictions.indicator
        and base.breakdown = predictions.breakdown
        and base.area_kind = predictions.area_kind and base.area = predictions.area
    where base.variant = 'headline'
    union all
    select 'region' as area_kind, indicator, breakdown, region as area, i0 as own_base
    from {{ ref('int_m1_region') }}
    where variant = 'headline'
),

-- An area without data now keeps what was frozen for it; a target that asks for no base of its own has a value today too.
areas as (
    select
        coalesce(based.area_kind, frozen.area_kind) as area_kind,
        coalesce(based.indicator, frozen.indicator) as indicator,
        coalesce(based.breakdown, frozen.breakdown) as breakdown,
        coalesce(based.area, frozen.area) as area,
        based.own_base
    from based
    full join frozen
        on based.area_kind = frozen.area_kind
        and based.indicator = frozen.indicator
        and based.breakdown = frozen.breakdown
        and based.area = frozen.area
),

scoped as (
    select
        areas.*,
        targets.target_expression,
        targets.scope,
        targets.kind,
        targets.amount,
        targets.value_area,
        targets.value_year,
        targets.target_year,
        targets.target_verified,
        champions.rate as current_rate,
        coalesce(frozen_indicator.champion_rate, champions.rate) as frozen_rate,
        frozen_indicator.shared_value,
        frozen_indicator.frozen_vintage,
        registry.lower_limit,
        registry.upper_limit,
        registry.lower_limit is not null and registry.upper_limit is not null as is_bounded
    from areas
    inner join {{ ref('int_target_definition') }} as targets on areas.indicator = targets.indicator
    inner join {{ ref('dim_indicator') }} as registry on areas.indicator = registry.indicator
    left join {{ ref('int_champion_rate') }} as champions
        on areas.indicator = champions.indicator and areas.breakdown = champions.breakdown
    left join frozen_indicator
        on areas.indicator = frozen_indicator.indicator and areas.breakdown = frozen_indicator.breakdown
    where registry.direction <> 0
        and (
            targets.scope = 'all'
            or (targets.scope = 'EU27' and (
                areas.area = 'EU27'
                or areas.area in (
                    select ref_area from {{ ref('dim_country_group') }} where group_code = 'EU27' and is_current))))
),

raised as (
    select
        *,
        {{ champion_value('own_base', 'current_rate') }} as champion_today,
        {{ champion_value('own_base', 'frozen_rate') }} as champion_frozen
    from scoped
),

valued as (
    select
        raised.*,
        case raised.kind
            when 'const' then raised.amount
            when 'binary' then raised.amount
            when 'step' then raised.amount
            when 'multiple' then raised.amount * named.obs_value
            when 'own_base' then raised.amount * raised.own_base
            when 'champion' then {{ inside_limits('champion_today') }}
        end as value_today,
        case when raised.kind = 'champion' then {{ inside_limits('champion_frozen') }}
            else raised.shared_value end as value_frozen
    from raised
    left join {{ ref('fct_observation') }} as named
        on raised.kind = 'multiple'
        and raised.indicator = named.indicator
        and raised.breakdown = named.breakdown
        and raised.value_area = named.ref_area
        and raised.value_year = named.year
)

select
    coalesce(valued.indicator, frozen.indicator) as indicator,
    coalesce(valued.breakdown, frozen.breakdown) as breakdown,
    coalesce(valued.area, frozen.area) as area,
    coalesce(valued.area_kind, frozen.area_kind) as area_kind,
    coalesce(valued.target_expression, frozen.target_expression) as target_expression,
    coalesce(valued.scope, frozen.scope) as scope,
    coalesce(valued.target_year, frozen.target_year) as target_year,
    coalesce(frozen.target_value, valued.value_frozen, valued.value_today) as target_value,
    case
        when frozen.target_value is not null then frozen.champion_rate
        when valued.kind = 'champion' then valued.frozen_rate
    end as champion_rate,
    case
        when frozen.target_value is not null then frozen.frozen_vintage
        when valued.shared_value is not null then valued.frozen_vintage
        else release.release_id
    end as frozen_vintage,
    valued.value_today as target_value_current,
    coalesce(valued.target_verified, frozen.target_verified) as target_verified
from valued
full join frozen
    on valued.indicator = frozen.indicator
    and valued.breakdown = frozen.breakdown
    and valued.area = frozen.area
    and valued.area_kind = frozen.area_kind
cross join release
where coalesce(frozen.target_value, valued.value_frozen, valued.value_today) is not null
