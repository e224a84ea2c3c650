-- Cells whose source value was withheld before it could become an indicator's: by a reviewed correction (its row is
-- there, its value is not), or because the whole series of a country jumped and was held back (its rows are not there:
-- source lock.held_back). One row an indicator, breakdown, area and year, with the value that was withheld, in our unit
-- but of the source series, and why. G1 lists them beside the cells it withholds itself.
with withheld as (
    select
        observations.source,
        observations.ref_area,
        observations.time_period,
        observations.dimensions,
        {{ number_or_null('observations.obs_value_raw') }} * power(10, observations.unit_mult) * units.factor as obs_value,
        'CORRECTION' as bound,
        observations.comment_obs as reason
    from {{ ref('int_observation') }} as observations
    left join {{ ref('unit_conversions') }} as units
        on observations.provider = units.provider
        and observations.series = units.series and observations.source_unit = units.source_unit
    where observations.obs_value is null and observations.comment_obs like 'Correction %'
),

held as (
    select
        provider,
        dataset,
        series,
        ref_area as source_ref_area,
        time_period,
        dimensions,
        obs_value,
        unit_measure as source_unit,
        unit_mult
    from {{ source('lock', 'held_back') }}
    where obs_value is not null
),

held_back as (
    select
        held.provider || '/' || held.dataset || '/' || held.series as source,
        area_codes.ref_area,
        held.time_period,
        held.dimensions,
        held.obs_value * power(10, held.unit_mult) * units.factor as obs_value,
        'HELD_BACK' as bound,
        'The whole series of this country jumped against the last good vintage; it is held back until a person accepts it.'
            as reason
    from held
    {{ join_areas_and_units('held') }}
    inner join {{ ref('countries') }} as countries on area_codes.ref_area = countries.ref_area
),

series_of_indicators as (
    select distinct indicator, breakdown, source from {{ ref('int_indicator_value') }}
),

-- Which indicators a held-back series belongs to is told by the other countries' rows.
expected as (
    select uses.indicator, uses.breakdown, held_back.*
    from held_back
    inner join series_of_indicators as uses on {{ is_in_sources('held_back.source', 'uses.source') }}
),

cells as (
    select values_of_all.indicator, values_of_all.breakdown, withheld.*
    from {{ ref('int_indicator_value') }} as values_of_all
    inner join withheld
        on values_of_all.ref_area = withheld.ref_area and values_of_all.time_period = withheld.time_period
        and {{ is_in_sources('withheld.source', 'values_of_all.source') }}
    where values_of_all.null_reason = 'GATE_BLOCKED'
    union all
    select expected.*
    from expected
    left join {{ ref('int_indicator_value') }} as values_of_all
        on expected.indicator = values_of_all.indicator and expected.breakdown = values_of_all.breakdown
        and expected.ref_area = values_of_all.ref_area and expected.time_period = values_of_all.time_period
    where values_of_all.obs_value is null and coalesce(values_of_all.null_reason, 'NOT_REPORTED') = 'NOT_REPORTED'
),

placed as (
    select
        *,
        row_number() over (
            partition by indicator, breakdown, ref_area, time_period order by source, dimensions) as place
    from cells
)

select indicator, breakdown, ref_area, time_period, obs_value, bound, source, reason
from placed
where place = 1
