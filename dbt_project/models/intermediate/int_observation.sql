-- Every staged observation with our own area and unit beside the provider's. Nothing is dropped: a row without an
-- area or without a unit stays here with a null, and the test of this model fails.
select
    staged.provider,
    staged.dataset,
    staged.series,
    staged.source_ref_area,
    area_codes.ref_area,
    areas.area_kind,
    staged.time_period,
    cast(staged.time_period as integer) as year,
    staged.dimensions,
    staged.source_value,
    staged.obs_value_raw,
    staged.obs_bound,
    staged.source_unit,
    staged.unit_mult,
    units.unit_measure,
    staged.source_value * power(10, staged.unit_mult) * units.factor as obs_value,
    staged.obs_status,
    staged.obs_status_raw,
    staged.conf_status,
    staged.nature,
    staged.comment_obs,
    staged.provider || '/' || staged.dataset || '/' || staged.series as source,
    pinned.vintage,
    staged.snapshot_sha256
from {{ ref('int_staged') }} as staged
{{ join_areas_and_units('staged') }}
left join {{ source('lock', 'dataset') }} as pinned
    on staged.provider = pinned.provider and staged.dataset = pinned.dataset
