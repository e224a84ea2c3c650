-- UNSD's own region rows beside what our rules make of the countries UNSD publishes: one row a series, region, year
-- and rule, with the evidence which a difference can be explained by. Equal means: within half a unit of the last
-- published decimal, or of the precision of a double. Only the series our indicators are made of (reconciled_series).
with series_rows as (
    select observations.*
    from {{ ref('int_observation') }} as observations
    inner join {{ ref('reconciled_series') }} as reconciled on observations.series = reconciled.series
    where observations.provider = 'unsd'
        -- Of the materials, the total.
        and coalesce({{ dimension('Type of product') }}, 'ALP') = 'ALP'
),

precisions as (
    -- Half a unit of the last decimal of a series, in our unit. The series decides: a published 100 may be 100.00.
    select
        observations.series,
        max(units.factor) * 0.5 * power(10, -max(length(
            case
                when position('.' in observations.obs_value_raw) > 0 then split_part(observations.obs_value_raw, '.', 2)
                else ''
            end))) as half_unit
    from series_rows as observations
    inner join {{ ref('unit_conversions') }} as units
        on observations.provider = units.provider
        and observations.series = units.series and observations.source_unit = units.source_unit
    group by observations.series
),

published as (
    select
        observations.series,
        observations.ref_area as region,
        observations.year,
        observations.nature,
        observations.obs_value,
        precisions.half_unit
    from series_rows as observations
    inner join precisions on observations.series = precisions.series
    where observations.obs_value is not null
        and observations.ref_area in (select region_area from {{ ref('m49_region_members') }})
),

countries as (
    select
        observations.series,
        members.region_area as region,
        observations.year,
        sum(observations.obs_value) as sum_value,
        avg(observations.obs_value) as mean_value,
        {{ median('observations.obs_value') }} as median_value,
        count(*) as n_countries,
        count(*) filter (where observations.nature in ('C', 'CA')) as n_country_reported
    from series_rows as observations
    inner join {{ ref('m49_region_members') }} as members on observations.ref_area = members.ref_area
    where observations.obs_value is not null
    group by observations.series, members.region_area, observations.year
),

-- The share-of-GDP series goes through P09 and the per-person series through A02: their weights come from there.
weighted as (
    {% for rule, column in {'RSUM_MATCHED': 'matched_value', 'RSUM_FULL': 'full_value'}.items() %}
    select
        reconciled.series,
        ratios.region,
        ratios.year,
        '{{ rule }}' as agg_rule,
        ratios.{{ column }} as our_value
    from {{ ref('int_reconciliation_ratio') }} as ratios
    inner join {{ ref('reconciled_series') }} as reconciled on ratios.indicator = reconciled.weighted_indicator
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

ours as (
    {% for rule in ['SUM', 'MEAN', 'MEDIAN'] %}
    select series, region, year, '{{ rule }}' as agg_rule, {{ rule | lower }}_value as our_value from countries
    union all
    {% endfor %}
    select series, region, year, agg_rule, our_value from weighted
),

sizes as (
    select region_area as region, count(*) as n_members
    from {{ ref('m49_region_members') }}
    group by region_area
)

select
    published.series,
    published.region,
    published.year,
    ours.agg_rule,
    published.obs_value as published_value,
    published.nature as published_nature,
    ours.our_value,
    sizes.n_members,
    countries.n_countries,
    countries.n_country_reported,
    ours.our_value / nullif(published.obs_value, 0) - 1 as relative_difference,
    abs(ours.our_value - published.obs_value) <= greatest(
        published.half_unit * (1 + 1e-9),
        {{ parameter('reconciliation_relative') }} * abs(published.obs_value)) as is_equal,
    -- The parts are rounded too: a sum of them may miss by the sum of their half units, a mean by one.
    abs(ours.our_value - published.obs_value) <= (1 + 1e-9) * published.half_unit * (
        1 + case ours.agg_rule when 'SUM' then countries.n_countries else 1 end) and ours.agg_rule in ('SUM', 'MEAN', 'MEDIAN') as is_within_rounding
from published
inner join sizes on published.region = sizes.region
inner join ours
    on published.series = ours.series and published.region = ours.region and published.year = ours.year
inner join countries
    on published.series = countries.series and published.region = countries.region and published.year = countries.year
where ours.our_value is not null
