-- Eurostat's own rows of the European Union beside our region of 27 members under each rule that applies: one row an
-- indicator, breakdown, year and rule. Equal means: within half a unit of the last decimal of the published row, or of
-- the precision of a double. The members' published values are rounded too: a mean, weighted or not, may miss by their
-- half unit more, a sum by that of all of them.
with decimals as (
    select
        observations.source,
        {{ half_unit('observations') }} as half_unit
    from {{ ref('int_observation') }} as observations
    inner join {{ ref('unit_conversions') }} as units
        on observations.provider = units.provider
        and observations.series = units.series and observations.source_unit = units.source_unit
    where observations.provider = 'eurostat' and observations.obs_value is not null
    group by observations.source
),

published as (
    select
        cells.indicator,
        cells.breakdown,
        cells.year,
        cells.obs_value,
        cells.obs_status,
        -- A row that is itself derived from two series has no decimal of its own.
        coalesce(decimals.half_unit, 0) as half_unit
    from {{ ref('int_cell') }} as cells
    left join decimals on cells.source = decimals.source
    where cells.ref_area = 'EU27' and cells.obs_value is not null and cells.source like 'eurostat/%'
)

select
    published.indicator,
    published.breakdown,
    published.year,
    ours.agg_rule,
    published.obs_value as published_value,
    published.obs_status as published_status,
    ours.obs_value as our_value,
    ours.n_members,
    ours.n_countries,
    ours.obs_value / nullif(published.obs_value, 0) - 1 as relative_difference,
    abs(ours.obs_value - published.obs_value) <= greatest(
        published.half_unit * (1 + 1e-9),
        {{ parameter('reconciliation_relative') }} * abs(published.obs_value)) as is_equal,
    abs(ours.obs_value - published.obs_value) <= (1 + 1e-9) * published.half_unit * (
        1 + case ours.agg_rule when 'SUM' then ours.n_countries else 1 end)
        and ours.agg_rule <> 'RSUM_FULL' as is_within_rounding
from published
inner join {{ ref('int_aggregate') }} as ours
    on published.indicator = ours.indicator and published.breakdown = ours.breakdown and published.year = ours.year
    and ours.region = 'EU27' and ours.panel = 'all' and ours.agg_rule <> 'COUNT'
inner join {{ ref('int_aggregate_rule') }} as rules
    on ours.indicator = rules.indicator and ours.agg_rule = rules.agg_rule and rules.rule_reason is null
where ours.obs_value is not null
