-- Progress by method M1 (UNECE and ESCAP), one row an indicator, breakdown, area, kind of area and method: every member State, the EU row, and
-- every published region. An area that cannot be assessed is grey with its reason.
with breakdowns as (
    select distinct indicator, breakdown from {{ ref('fct_observation') }}
),

countries as (
    select
        registry.indicator,
        breakdowns.breakdown,
        areas.ref_area as area,
        case when areas.ref_area = 'EU27' then 'aggregate' else 'country' end as area_kind,
        true as is_country,
        base.n_points,
        cast(null as integer) as n_countries,
        predictions.model,
        coalesce(predictions.i0, base.base_value) as i0,
        coalesce(predictions.icr, base.latest_value) as icr,
        coalesce(predictions.icr_year, base.latest_year) as icr_year,
        predictions.it,
        past.at_target_year,
        past.indicator is not null as is_past,
        coalesce(past.late_data, false) as late_data,
        case when predictions.indicator is null then base.base_year else cast({{ parameter('base_year') }} as integer) end as i0_year,
        coalesce(predictions.base_estimated, base.base_shifted, false) as base_estimated,
        coalesce(predictions.break_in_fit, false) as break_in_fit,
        coalesce(predictions.clamped, false) as clamped,
        coalesce(registry.direction * predictions.trend_sign < 0, false) as worsening,
        case
            when base.n_points is null then 'NO_DATA'
            when base.n_points < {{ parameter('min_points') }} then 'INSUFFICIENT'
        end as too_few
    from {{ ref('dim_indicator') }} as registry
    inner join breakdowns on registry.indicator = breakdowns.indicator
    cross join (
        select ref_area from {{ ref('countries') }} union all select 'EU27' as ref_area
    ) as areas
    left join {{ ref('int_progress_base') }} as base
        on registry.indicator = base.indicator and breakdowns.breakdown = base.breakdown and areas.ref_area = base.ref_area
    left join {{ ref('int_m1_prediction') }} as predictions
        on registry.indicator = predictions.indicator and breakdowns.breakdown = predictions.breakdown
        and areas.ref_area = predictions.ref_area
    left join {{ ref('int_past_target_value') }} as past
        on registry.indicator = past.indicator and breakdowns.breakdown = past.breakdown and areas.ref_area = past.ref_area
    where areas.ref_area <> 'EU27' or base.n_points is not null
),

regions as (
    select
        registry.indicator,
        breakdowns.breakdown,
        groups.region as area,
        'region' as area_kind,
        false as is_country,
        cast(null as bigint) as n_points,
        coalesce(medians.n_countries, 0) as n_countries,
        'median of countries' as model,
        medians.i0,
        medians.icr,
        medians.icr_year,
        medians.it,
        medians.at_target_year,
        medians.at_target_year is not null as is_past,
        false as late_data,
        cast({{ parameter('base_year') }} as integer) as i0_year,
        coalesce(medians.base_estimated, false) as base_estimated,
        false as break_in_fit,
        coalesce(medians.clamped, false) as clamped,
        coalesce(registry.direction * (medians.it - medians.icr) < 0, false) as worsening,
        case
            when medians.n_countries is null then 'NO_DATA'
            -- What a provider for Europe covers does not speak for the 56: its reporting area has a row of its own.
            when registry.scope = 'E' and groups.region = 'UNECE' then 'COVERAGE'
            when medians.n_countries < {{ parameter('min_countries') }} then 'INSUFFICIENT'
        end as too_few
    from {{ ref('dim_indicator') }} as registry
    inner join breakdowns on registry.indicator = breakdowns.indicator
    inner join {{ ref('int_published_region') }} as groups on registry.indicator = groups.indicator
    left join {{ ref('int_m1_region') }} as medians
        on registry.indicator = medians.indicator and breakdowns.breakdown = medians.breakdown
        and groups.region = medians.region
),

areas as (
    select * from countries
    union all
    select * from regions
),

targeted as (
    select
        areas.*,
        registry.direction,
        registry.lower_limit,
        registry.upper_limit,
        definitions.kind,
        definitions.target_expression,
        definitions.target_year,
        definitions.target_verified,
        targets.target_value,
        definitions.kind <> 'none'
            and (definitions.scope = 'all' or areas.area = 'EU27' or areas.area in (
                select ref_area from {{ ref('dim_country_group') }} where group_code = 'EU27' and is_current))
            and (definitions.kind <> 'champion' or champions.rate is not null or targets.target_value is not null)
            as has_target,
        coalesce(case registry.direction
            when 1 then areas.i0 = registry.upper_limit and areas.icr = registry.upper_limit
            when -1 then areas.i0 = registry.lower_limit and areas.icr = registry.lower_limit
        end, false) as at_limit
    from areas
    inner join {{ ref('dim_indicator') }} as registry on areas.indicator = registry.indicator
    inner join {{ ref('int_target_definition') }} as definitions on areas.indicator = definitions.indicator
    left join {{ ref('int_champion_rate') }} as champions
        on areas.indicator = champions.indicator and areas.breakdown = champions.breakdown
    left join {{ ref('fct_target') }} as targets
        on areas.indicator = targets.indicator
        and areas.breakdown = targets.breakdown
        and areas.area = targets.area and areas.area_kind = targets.area_kind
),

rated as (
    select *, {{ progress_ratios() }} from targeted
),

judged as (
    select *, {{ progress_status() }} as status from rated
)

select
    judged.indicator,
    judged.breakdown,
    judged.area,
    judged.area_kind,
    'M1' as method,
    judged.status,
    {{ progress_colour('judged.status') }} as colour,
    case
        when {{ progress_colour('judged.status') }} = 'grey' then judged.status
        when judged.late_data and judged.status in ('MET', 'MISSED') then 'LATE_DATA'
    end as reason,
    judged.model,
    cast(judged.n_points as integer) as n_points,
    cast(judged.n_countries as integer) as n_countries,
    case when judged.too_few is null or judged.too_few <> 'COVERAGE' then judged.i0 end as i0,
    judged.i0_year,
    case when judged.too_few is null or judged.too_few <> 'COVERAGE' then judged.icr end as icr,
    judged.icr_year,
    case when judged.too_few is null or judged.too_few <> 'COVERAGE' then judged.it end as it,
    judged.at_target_year,
    judged.target_value,
    case when judged.target_value is not null then judged.target_year end as target_year,
    judged.target_expression,
    judged.target_verified,
    case when judged.target_value is not null and judged.too_few is null then judged.csi end as csi,
    case when judged.status in ('maintain', 'accelerate', 'reverse') then judged.ap end as ap,
    case when judged.status in ('maintain', 'accelerate', 'reverse') then judged.p end as p,
    judged.base_estimated,
    judged.break_in_fit,
    judged.clamped,
    coalesce(judged.status = 'achieved' and judged.icr_year > judged.target_year, false) as late,
    judged.worsening,
    -- A trend fitted across a break is shown and never headlined.
    not judged.break_in_fit as is_headline,
    release.method_version,
    release.config_sha256
from judged
cross join {{ source('lock', 'release') }} as release
