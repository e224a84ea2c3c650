-- One row an indicator, breakdown, area and year: every member State on the indicator's whole grid of years, with its value or
-- the one reason why there is none, and the comparators EU27 and WORLD as their publishers state them.
with breakdowns as (
    -- An indicator without any value still has its total, empty with a reason.
    select distinct indicator, breakdown from {{ ref('int_indicator_value') }}
    union all
    select indicator, '_T' as breakdown
    from {{ ref('int_registry') }}
    where indicator not in (select indicator from {{ ref('int_indicator_value') }})
),

published_years as (
    select
        registry.indicator,
        greatest(cast({{ parameter('first_year') }} as integer),
            coalesce(min(cells.year), cast({{ parameter('base_year') }} as integer))) as first_year,
        least({{ reference_year() }}, coalesce(max(cells.year), {{ reference_year() }})) as last_year,
        count(cells.obs_value) as n_values
    from {{ ref('int_registry') }} as registry
    left join {{ ref('int_indicator_value') }} as cells
        on registry.indicator = cells.indicator and cells.ref_area in (select ref_area from {{ ref('countries') }})
    group by registry.indicator
),

years as ({{ years('1990', '2050') }}),

grid as (
    select
        registry.indicator,
        breakdowns.breakdown,
        registry.frequency,
        registry.scope,
        registry.unit_measure,
        countries.ref_area,
        years.year,
        published_years.n_values
    from {{ ref('int_registry') }} as registry
    inner join breakdowns on registry.indicator = breakdowns.indicator
    inner join published_years on registry.indicator = published_years.indicator
    cross join {{ ref('countries') }} as countries
    inner join years on years.year between published_years.first_year and published_years.last_year
),

reporting as (
    select indicator, breakdown, ref_area, count(*) as n_rows
    from {{ ref('int_indicator_value') }}
    group by indicator, breakdown, ref_area
),

irregular_years as (
    select distinct indicator, year from {{ ref('int_indicator_value') }} where obs_value is not null
),

members as (
    select
        grid.indicator,
        grid.breakdown,
        grid.ref_area,
        'country' as area_kind,
        grid.year,
        grid.frequency,
        grid.unit_measure as registry_unit,
        cells.indicator is not null as has_row,
        case
            when grid.frequency = 'B' then grid.year % 2 = 1
            when grid.frequency = 'I' then irregular_years.year is null
            else false
        end as is_off_grid,
        grid.n_values = 0 or (grid.scope = 'E' and reporting.n_rows is null) as is_not_collected,
        {% for column in ['obs_value', 'numerator', 'denominator', 'obs_status', 'obs_status_raw', 'conf_status',
            'nature', 'is_zero_ambiguous', 'null_reason', 'source', 'vintage', 'snapshot_sha256', 'comment_obs'] %}
        cells.{{ column }}{{ ',' if not loop.last }}
        {% endfor %}
    from grid
    left join {{ ref('int_indicator_value') }} as cells
        on grid.indicator = cells.indicator and grid.breakdown = cells.breakdown
        and grid.ref_area = cells.ref_area and grid.year = cells.year
    left join reporting
        on grid.indicator = reporting.indicator and grid.breakdown = reporting.breakdown
        and grid.ref_area = reporting.ref_area
    left join irregular_years on grid.indicator = irregular_years.indicator and grid.year = irregular_years.year
),

comparators as (
    select
        cells.indicator,
        cells.breakdown,
        cells.ref_area,
        'aggregate' as area_kind,
        cells.year,
        registry.frequency,
        registry.unit_measure as registry_unit,
        true as has_row,
        false as is_off_grid,
        false as is_not_collected,
        {% for column in ['obs_value', 'numerator', 'denominator', 'obs_status', 'obs_status_raw', 'conf_status',
            'nature', 'is_zero_ambiguous', 'null_reason', 'source', 'vintage', 'snapshot_sha256', 'comment_obs'] %}
        cells.{{ column }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('int_indicator_value') }} as cells
    inner join {{ ref('int_registry') }} as registry on cells.indicator = registry.indicator
    where cells.ref_area in ('EU27', 'WORLD')
        and cells.year between {{ parameter('first_year') }} and {{ reference_year() }}
),

secondary as (
    -- One confidential member of the EU could be recovered from the published EU row: that row is withheld too.
    select members.indicator, members.breakdown, members.year
    from members
    inner join {{ ref('int_country_group') }} as groups
        on members.ref_area = groups.ref_area and groups.group_code = 'EU27' and groups.is_current
    where members.conf_status <> 'F'
    group by members.indicator, members.breakdown, members.year
    having count(*) = 1
),

cells as (
    select *, false as is_secondary from members
    union all
    select comparators.*, secondary.indicator is not null and comparators.ref_area = 'EU27' as is_secondary
    from comparators
    left join secondary
        on comparators.indicator = secondary.indicator and comparators.breakdown = secondary.breakdown
        and comparators.year = secondary.year
),

explained as (
    select
        cells.*,
        withheld_part.indicator is not null as is_part_withheld,
        case
            when cells.is_secondary then 'CONF_SECONDARY'
            when cells.null_reason = 'CONFIDENTIAL' then 'CONFIDENTIAL'
            when withheld.indicator is not null then 'GATE_BLOCKED'
            when cells.obs_value is null and coalesce(cells.null_reason, 'NOT_REPORTED') = 'NOT_REPORTED' then case
                when withheld_source.indicator is not null then 'GATE_BLOCKED'
                when withdrawn.indicator is not null then 'SOURCE_WITHDRAWN'
                when cells.has_row then 'NOT_REPORTED'
                when cells.is_off_grid then 'OFF_GRID'
                when cells.is_not_collected then 'NOT_COLLECTED'
                else 'NOT_REPORTED'
            end
            else cells.null_reason
        end as reason
    from cells
    left join {{ ref('int_magnitude') }} as withheld
        on cells.indicator = withheld.indicator
        and cells.breakdown = withheld.breakdown
        and cells.ref_area = withheld.ref_area
        and cells.year = cast(withheld.time_period as integer)
    {% for alias, model in {'withheld_source': 'int_withheld_source', 'withdrawn': 'int_withdrawn'}.items() %}
    left join {{ ref(model) }} as {{ alias }}
        on cells.indicator = {{ alias }}.indicator
        and cells.breakdown = {{ alias }}.breakdown
        and cells.ref_area = {{ alias }}.ref_area
        and cells.year = cast({{ alias }}.time_period as integer)
    {% endfor %}
    left join {{ ref('int_registry') }} as registry on cells.indicator = registry.indicator
    left join {{ ref('int_magnitude') }} as withheld_part
        on registry.numerator_entry = withheld_part.indicator
        and cells.breakdown = withheld_part.breakdown
        and cells.ref_area = withheld_part.ref_area
        and cells.year = cast(withheld_part.time_period as integer)
)

select
    indicator,
    breakdown,
    ref_area,
    cast(year as varchar) as time_period,
    year,
    area_kind,
    case when frequency = 'B' then 'A2' else 'A' end as freq,
    registry_unit as unit_measure,
    case when reason is null then obs_value end as obs_value,
    -- A total that is withheld under its own code is no numerator of another indicator either.
    case when reason is null and not is_part_withheld then numerator end as numerator,
    case when reason is null then denominator end as denominator,
    case
        when reason is null then obs_status
        when reason = 'CANNOT_EXIST' then 'M'
        else 'O'
    end as obs_status,
    obs_status_raw,
    case when reason = 'CONF_SECONDARY' then 'S' else coalesce(conf_status, 'F') end as conf_status,
    coalesce(nature, 'UNKNOWN') as nature,
    -- A cell without a row has no such mark, and always a reason.
    is_zero_ambiguous and reason is null as is_zero_ambiguous,
    reason as null_reason,
    is_off_grid,
    source,
    vintage,
    snapshot_sha256,
    case when is_zero_ambiguous and reason is null then 'ZERO_AMBIGUOUS' else comment_obs end as comment_obs
from explained
