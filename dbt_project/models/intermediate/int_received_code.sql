-- Every area and unit the providers sent, of all their rows, whether a model uses them or not: what the tests of areas
-- and units look at, so that no row is left out of them by the `where` of a staging model.
with received as (
    {% for source_name, table in observation_tables() %}
    select
        provider,
        dataset,
        series,
        ref_area as source_ref_area,
        time_period,
        unit_measure as source_unit,
        count(*) as n_rows
    from {{ source(source_name, table) }}
    group by provider, dataset, series, ref_area, time_period, unit_measure
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    received.provider,
    received.dataset,
    received.series,
    received.source_ref_area,
    received.time_period,
    received.source_unit,
    received.n_rows,
    area_codes.ref_area,
    areas.area_kind,
    units.unit_measure
from received
{{ join_areas_and_units('received') }}
