-- The windows of M2 to M4 for regions, one row a variant, indicator, breakdown, region and window: the region's own
-- value at start and end on the fixed panel of the window, so that growth is never a change of reporters (methodology
-- 3.3 and 3.4). The value follows the variant's rule, else the registry's. A panel below the region's minimum gives
-- PANEL_TOO_SMALL, a weighted one without half of the population COVERAGE, and one suppressed member a value that is
-- suppressed too.
with totals as (
    select
        setting,
        indicator,
        breakdown,
        region,
        time_window,
        count(*) as n_countries,
        sum(population) as population,
        {% for side in ['start', 'end'] %}
        sum({{ side }}_obs_value) as {{ side }}_sum,
        avg({{ side }}_obs_value) as {{ side }}_mean,
        {{ median(side ~ '_obs_value') }} as {{ side }}_median,
        sum({{ side }}_numerator) as {{ side }}_numerator,
        sum({{ side }}_denominator) as {{ side }}_denominator{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('int_panel_member') }}
    group by setting, indicator, breakdown, region, time_window
),

full_denominators as (
    select members.membership_from, members.indicator, members.region, cells.year, sum(cells.obs_value) as denominator
    from {{ ref('int_panel_region_member') }} as members
    inner join {{ ref('int_registry') }} as registry on members.indicator = registry.indicator
    inner join {{ ref('int_cell') }} as cells
        on registry.denominator_entry = cells.indicator and cells.breakdown = '_T'
        and members.ref_area = cells.ref_area
    group by members.membership_from, members.indicator, members.region, cells.year
),

suppressed as (
    select indicator, breakdown, region, year
    from {{ ref('int_aggregate_contribution') }}
    where is_suppressed
    group by indicator, breakdown, region, year
    having count(*) = 1
),

valued as (
    select
        windows.setting,
        windows.indicator,
        windows.breakdown,
        windows.region,
        windows.time_window,
        windows.start_year,
        windows.end_year,
        windows.n_points,
        windows.base_shifted,
        windows.crosses_break,
        cast(coalesce(totals.n_countries, 0) as integer) as n_countries,
        {% for side in ['start', 'end'] %}
        case windows.agg_rule
            when 'SUM' then totals.{{ side }}_sum
            when 'RSUM_MATCHED' then totals.{{ side }}_numerator / nullif(totals.{{ side }}_denominator, 0)
            when 'RSUM_FULL' then totals.{{ side }}_numerator / nullif({{ side }}_full.denominator, 0)
            when 'MEAN' then totals.{{ side }}_mean
            when 'MEDIAN' then totals.{{ side }}_median
        end as {{ side }}_value,
        {% endfor %}
        case
            when windows.null_reason is not null then windows.null_reason
            when coalesce(totals.n_countries, 0) < years.min_countries then 'PANEL_TOO_SMALL'
            when windows.is_weighted
                and coalesce(totals.population / years.population, 0) < {{ parameter('min_coverage_pop') }} then 'COVERAGE'
            when windows.is_weighted
                and (start_suppressed.year is not null or end_suppressed.year is not null) then 'CONF_SECONDARY'
        end as null_reason
    from {{ ref('int_panel_window') }} as windows
    left join totals
        on windows.setting = totals.setting and windows.indicator = totals.indicator
        and windows.breakdown = totals.breakdown
        and windows.region = totals.region and windows.time_window = totals.time_window
    left join {{ ref('int_panel_region_year') }} as years
        on windows.points = years.points and windows.rule_family = years.rule_family
        and windows.indicator = years.indicator and windows.breakdown = years.breakdown
        and windows.region = years.region and windows.end_year = years.year
    {% for side in ['start', 'end'] %}
    left join full_denominators as {{ side }}_full
        on windows.membership_from = {{ side }}_full.membership_from and windows.indicator = {{ side }}_full.indicator
        and windows.region = {{ side }}_full.region and windows.{{ side }}_year = {{ side }}_full.year
    left join suppressed as {{ side }}_suppressed
        on windows.indicator = {{ side }}_suppressed.indicator
        and windows.breakdown = {{ side }}_suppressed.breakdown
        and windows.region = {{ side }}_suppressed.region and windows.{{ side }}_year = {{ side }}_suppressed.year
    {% endfor %}
),

explained as (
    select
        *,
        case
            when null_reason is not null then null_reason
            when start_value is null or end_value is null then 'ZERO_DENOMINATOR'
        end as reason
    from valued
)

select
    variants.variant,
    explained.indicator,
    explained.breakdown,
    'region' as area_kind,
    explained.region as area,
    explained.time_window,
    explained.start_year,
    case when explained.reason is null then explained.start_value end as start_value,
    explained.end_year,
    case when explained.reason is null then explained.end_value end as end_value,
    explained.n_points,
    explained.base_shifted,
    explained.crosses_break,
    explained.n_countries,
    explained.reason as null_reason,
    {% for mark, sign in {'has_negative': '<', 'has_positive': '>', 'has_zero': '='}.items() %}
    explained.reason is null
        and (explained.start_value {{ sign }} 0 or explained.end_value {{ sign }} 0) as {{ mark }}{{ ',' if not loop.last }}
    {% endfor %}
from {{ ref('int_variant') }} as variants
inner join explained on {{ panel_setting('variants') }} = explained.setting
