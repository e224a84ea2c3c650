-- Can a country be seen in the data? Four bits per member State, indicator and breakdown (methodology 3.8): any value since
-- the base year; two or more values since the first year; latest value within three expected periods; at least half of
-- the values reported by the country itself. A provider that does not say who reported leaves the fourth bit empty.
-- Indicators without any country data (scope R) or without a source (scope N), and denominators, are left out.
with registry as (
    select
        indicator,
        scope,
        frequency,
        case frequency when 'A' then 1 when 'B' then 2 else {{ parameter('irregular_period') }} end as expected_period
    from {{ ref('dim_indicator') }}
    where scope in ('W', 'E', 'S')
        and indicator not in (select denominator_entry from {{ ref('dim_indicator') }} where denominator_entry is not null)
),

counted as (
    select
        cells.indicator,
        cells.breakdown,
        cells.ref_area,
        count(cells.obs_value) as n_points,
        count(cells.obs_value) filter (where cells.year >= {{ parameter('base_year') }}) as n_points_since_base,
        max(case when cells.obs_value is not null then cells.year end) as latest_year,
        count(cells.obs_value) filter (where cells.nature <> 'UNKNOWN') as n_points_with_nature,
        count(cells.obs_value) filter (where cells.nature in ('C', 'CA')) as n_points_country,
        min(case
            when cells.null_reason = 'OFF_GRID' then null
            when cells.null_reason = 'CANNOT_EXIST' then 1
            else 0
        end) = 1 as cannot_exist,
        {{ join_text("case when cells.null_reason <> 'OFF_GRID' then cells.null_reason end") }} as null_reasons
    from {{ ref('fct_observation') }} as cells
    where cells.area_kind = 'country' and not cells.is_zero_ambiguous
    group by cells.indicator, cells.breakdown, cells.ref_area
),

-- Why there is nothing: the reason of the latest year that is on the grid.
latest_reason as (
    select indicator, breakdown, ref_area, null_reason
    from (
        select
            *,
            row_number() over (partition by indicator, breakdown, ref_area order by year desc) as place
        from {{ ref('fct_observation') }}
        where area_kind = 'country' and null_reason <> 'OFF_GRID'
    ) as ranked
    where place = 1
),

breakdowns as (
    select distinct indicator, breakdown from {{ ref('fct_observation') }}
),

bits as (
    select
        registry.indicator,
        breakdowns.breakdown,
        countries.ref_area,
        registry.scope,
        coalesce(counted.n_points, 0) as n_points,
        counted.latest_year,
        coalesce(counted.cannot_exist, false) as cannot_exist,
        counted.null_reasons,
        coalesce(latest_reason.null_reason, 'NOT_REPORTED') as null_reason,
        cast(coalesce(counted.n_points_since_base >= 1, false) as integer) as has_recent,
        cast(coalesce(counted.n_points >= {{ parameter('min_points') }}, false) as integer) as has_trend,
        cast(coalesce(
            {{ reference_year() }} - counted.latest_year <= 3 * registry.expected_period, false) as integer) as is_timely,
        case
            when coalesce(counted.n_points, 0) = 0 then 0
            when counted.n_points_with_nature > 0
                then cast(2 * counted.n_points_country >= counted.n_points as integer)
        end as is_country_reported
    from registry
    inner join breakdowns on registry.indicator = breakdowns.indicator
    cross join {{ ref('countries') }} as countries
    left join counted
        on registry.indicator = counted.indicator and breakdowns.breakdown = counted.breakdown and countries.ref_area = counted.ref_area
    left join latest_reason
        on registry.indicator = latest_reason.indicator and breakdowns.breakdown = latest_reason.breakdown
        and countries.ref_area = latest_reason.ref_area
)

select
    indicator,
    breakdown,
    ref_area,
    scope,
    cast(n_points as integer) as n_points,
    latest_year,
    has_recent,
    has_trend,
    is_timely,
    is_country_reported,
    case
        when not cannot_exist then
            cast(has_recent + has_trend + is_timely + coalesce(is_country_reported, 0) as double)
            / (3 + case when is_country_reported is null then 0 else 1 end)
    end as availability,
    case when n_points = 0 then null_reasons end as null_reasons,
    case when n_points = 0 then null_reason end as null_reason
from bits
