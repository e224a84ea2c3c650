-- The target of every area that has one: its value today and the value frozen when it was first set, which is the one
-- that judges. Grain: indicator, area and kind of area, since EU27
-- is both a published aggregate and a region of ours.
with areas as (
    select case when base.ref_area = 'EU27' then 'aggregate' else 'country' end as area_kind, base.indicator, base.ref_area as area, base.base_value as own_base
    from {{ ref('int_progress_base') }} as base
    union all
    select 'region' as area_kind, indicator, region as area, i0 as own_base
    from {{ ref('int_m1_region') }}
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
        champions.rate as champion_rate,
        champions.is_bounded,
        registry.lower_limit,
        registry.upper_limit
    from areas
    inner join {{ ref('int_target_definition') }} as targets on areas.indicator = targets.indicator
    inner join {{ ref('dim_indicator') }} as registry on areas.indicator = registry.indicator
    left join {{ ref('int_champion_rate') }} as champions on areas.indicator = champions.indicator
    where targets.kind <> 'none'
        and registry.direction <> 0
        and (
            targets.scope = 'all'
            or (targets.scope = 'EU27' and (
                areas.area = 'EU27'
                or areas.area in (
                    select ref_area from {{ ref('dim_country_group') }} where group_code = 'EU27' and is_current))))
),

valued as (
    select
        scoped.*,
        case scoped.kind
            when 'const' then scoped.amount
            when 'step' then scoped.amount
            when 'multiple' then scoped.amount * named.obs_value
            when 'champion' then {{ champion_value('own_base') }}
        end as target_value_current
    from scoped
    left join {{ ref('fct_observation') }} as named
        on scoped.kind = 'multiple'
        and scoped.indicator = named.indicator
        and scoped.value_area = named.ref_area
        and scoped.value_year = named.year
)

select
    valued.indicator,
    valued.area,
    valued.area_kind,
    valued.target_expression,
    valued.scope,
    valued.target_year,
    -- A step that has moved on is a new target: what was frozen for the old one does not count.
    case when frozen.indicator is not null then frozen.target_value else valued.target_value_current end as target_value,
    case when frozen.indicator is not null then frozen.frozen_vintage
        else (select release_id from {{ source('lock', 'release') }}) end as frozen_vintage,
    valued.target_value_current,
    valued.target_verified
from valued
left join {{ source('predecessor', 'rpt_target') }} as frozen
    on valued.indicator = frozen.indicator
    and valued.area = frozen.area
    and valued.area_kind = frozen.area_kind
    and valued.target_expression = frozen.target_expression
    and valued.target_year = frozen.target_year
where valued.target_value_current is not null or frozen.indicator is not null
