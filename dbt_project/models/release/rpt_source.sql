-- Stored sources, as published. Columns are opted in one by one: what is not named here does not leave the house.
select
    cast(cells.provider as varchar) as provider,
    cast(cells.dataset as varchar) as dataset,
    cast(cells.part as varchar) as part,
    cast(cells.vintage as varchar) as vintage,
    cast(cells.snapshot_sha256 as varchar) as snapshot_sha256,
    cast(cells.url as varchar) as url,
    cast(cells.retrieved_at as varchar) as retrieved_at,
    cast(cells.bytes as bigint) as bytes,
    cast(cells.part_status as varchar) as part_status,
    cast(cells.version_marker as varchar) as version_marker,
    cast(release.illustrative as boolean) as illustrative
from {{ source('lock', 'snapshot') }} as cells
cross join {{ source('lock', 'release') }} as release
