-- The data sets this release is pinned to, with how many of their rows found an area and a unit.
with staged as (
    select
        provider,
        dataset,
        count(*) as rows_staged,
        count(*) filter (where ref_area is null) as rows_unmapped,
        count(distinct source_ref_area) filter (where ref_area is null) as unmapped_areas,
        count(*) filter (where unit_measure is null) as rows_without_unit,
        count(distinct ref_area) as n_areas,
        min(year) as first_year,
        max(year) as last_year
    from {{ ref('int_observation') }}
    group by provider, dataset
)

select
    pinned.provider,
    pinned.dataset,
    pinned.title,
    pinned.vintage,
    pinned.producer_date,
    pinned.raw_sha256,
    pinned.content_sha256,
    pinned.licence,
    pinned.licence_url,
    pinned.citation,
    pinned.row_cap,
    pinned.rows as rows_observed,
    coalesce(staged.rows_staged, 0) as rows_staged,
    coalesce(staged.rows_unmapped, 0) as rows_unmapped,
    coalesce(staged.unmapped_areas, 0) as unmapped_areas,
    coalesce(staged.rows_without_unit, 0) as rows_without_unit,
    coalesce(staged.n_areas, 0) as n_areas,
    staged.first_year,
    staged.last_year,
    pinned.is_absent,
    pinned.absence_reason,
    pinned.missing_parts,
    pinned.source_warnings,
    pinned.illustrative
from {{ source('lock', 'dataset') }} as pinned
left join staged on pinned.provider = staged.provider and pinned.dataset = staged.dataset
