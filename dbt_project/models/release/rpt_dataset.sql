-- Data sets, as published. Columns are opted in one by one: what is not named here does not leave the house.
select
    cast(cells.provider as varchar) as provider,
    cast(cells.dataset as varchar) as dataset,
    cast(cells.title as varchar) as title,
    cast(cells.vintage as varchar) as vintage,
    cast(cells.producer_date as varchar) as producer_date,
    cast(cells.raw_sha256 as varchar) as raw_sha256,
    cast(cells.content_sha256 as varchar) as content_sha256,
    cast(cells.licence as varchar) as licence,
    cast(cells.licence_url as varchar) as licence_url,
    cast(cells.citation as varchar) as citation,
    cast(cells.row_cap as bigint) as row_cap,
    cast(cells.rows_observed as bigint) as rows_observed,
    cast(cells.rows_staged as bigint) as rows_staged,
    cast(cells.rows_unmapped as bigint) as rows_unmapped,
    cast(cells.unmapped_areas as bigint) as unmapped_areas,
    cast(cells.rows_without_unit as bigint) as rows_without_unit,
    cast(cells.n_areas as bigint) as n_areas,
    cast(cells.is_absent as boolean) as is_absent,
    cast(cells.absence_reason as varchar) as absence_reason,
    cast(cells.missing_parts as varchar) as missing_parts,
    cast(cells.source_warnings as varchar) as source_warnings,
    cast(release.illustrative as boolean) as illustrative
from {{ ref('dim_dataset') }} as cells
cross join {{ source('lock', 'release') }} as release
