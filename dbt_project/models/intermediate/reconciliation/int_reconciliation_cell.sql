-- UNSD's own region rows beside what our rules make of the countries UNSD publishes: one row a series, breakdown,
-- region, year and rule, with the evidence which a difference can be explained by. Equal means: within half a unit of
-- the last published decimal, or of the precision of a double.
with countries as (
    select
        observations.series,
        observations.breakdown,
        members.region_area as region,
        observations.year,
        {{ ordered_sum('observations.obs_value', 'observations.ref_area') }} as sum_value,
        {{ ordered_sum('observations.obs_value', 'observations.ref_area') }} / count(*) as mean_value,
        {{ median('observations.obs_value') }} as median_value,
        count(*) as n_countries,
        count(*) filter (where observations.nature in ('C', 'CA')) as n_country_reported
    from {{ ref('int_reconciliation_observation') }} as observations
    inner join {{ ref('m49_region_members') }} as members on observations.ref_area = members.ref_area
    group by observations.series, observations.breakdown, members.region_area, observations.year
),

-- A rate of which the database publishes no weight beside it goes through the indicator that knows the weights.
weighted as (
    {% for rule, column in {'RSUM_MATCHED': 'matched_value', 'RSUM_FULL': 'full_value'}.items() %}
    select
        reconciled.series,
        reconciled.breakdown,
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
    select series, breakdown, region, year, '{{ rule }}' as agg_rule, {{ rule | lower }}_value as our_value from countries
    union all
    {% endfor %}
    select series, breakdown, region, year, agg_rule, our_value from weighted
),

sizes as (
    select region_area as region, count(*) as n_members
    from {{ ref('m49_region_members') }}
    group by region_area
)

select
    published.series,
    published.breakdown,
    published.ref_area as region,
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
from {{ ref('int_reconciliation_observation') }} as published
inner join sizes on published.ref_area = sizes.region
inner join ours
    on published.series = ours.series and published.breakdown = ours.breakdown
    and published.ref_area = ours.region and published.year = ours.year
inner join countries
    on published.series = countries.series and published.breakdown = countries.breakdown
    and published.ref_area = countries.region and published.year = countries.year
where ours.our_value is not null
