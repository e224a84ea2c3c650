-- The observations of UNSD that the reconciliation is about: the series and parts of series which our indicators are
-- made of (reconciled_series), of countries and of regions alike, with half a unit of the series' last decimal in our
-- unit. The series decides: a published 100 may be 100.00. One row a series, breakdown, area and year.
with series_rows as (
    select observations.*, reconciled.breakdown
    from {{ ref('int_observation') }} as observations
    inner join {{ ref('reconciled_series') }} as reconciled
        on observations.series = reconciled.series
        and (reconciled.dimension_filter is null or position(reconciled.dimension_filter in observations.dimensions) > 0)
    where observations.provider = 'unsd' and observations.obs_value is not null
),

precisions as (
    select
        observations.series,
        observations.breakdown,
        {{ half_unit('observations') }} as half_unit
    from series_rows as observations
    inner join {{ ref('unit_conversions') }} as units
        on observations.provider = units.provider
        and observations.series = units.series and observations.source_unit = units.source_unit
    group by observations.series, observations.breakdown
)

select
    observations.series,
    observations.breakdown,
    observations.ref_area,
    observations.year,
    observations.obs_value,
    observations.nature,
    precisions.half_unit
from series_rows as observations
inner join precisions on observations.series = precisions.series and observations.breakdown = precisions.breakdown
