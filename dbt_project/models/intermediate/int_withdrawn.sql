-- Cells of the preceding release whose source series is no longer published at all (methodology 4, SOURCE_WITHDRAWN):
-- one row an indicator, breakdown, area and year which had a value there. A data set that this release does not hold is
-- not withdrawn: nobody asked.
with listed as (
    select distinct source from {{ source('predecessor', 'rpt_observation') }}
),

series_now as (
    select distinct source from {{ ref('int_observation') }} where obs_value is not null
),

-- A list is whole if every source in it is still published. One may stand in it twice: numerator and denominator of one
-- series. With every source between semicolons of its own, what is left after taking one out tells how often it stood.
framed as (
    select source, ';' || replace(source, ';', ';;') || ';' as frame
    from listed
),

counted as (
    select
        framed.source,
        length(framed.source) - length(replace(framed.source, ';', '')) + 1 as n_sources,
        coalesce(sum(
            (length(framed.frame) - length(replace(framed.frame, ';' || series_now.source || ';', '')))
            / (length(series_now.source) + 2)), 0) as n_published
    from framed
    left join series_now on {{ is_in_sources('series_now.source', 'framed.source') }}
    group by framed.source
),

not_held as (
    select counted.source
    from counted
    inner join {{ source('lock', 'dataset') }} as pinned
        on position(';' || pinned.provider || '/' || pinned.dataset || '/' in ';' || counted.source) > 0
    where pinned.is_absent
)

select cells.indicator, coalesce(cells.breakdown, '_T') as breakdown, cells.ref_area, cells.time_period
from {{ source('predecessor', 'rpt_observation') }} as cells
inner join counted on cells.source = counted.source
left join not_held on cells.source = not_held.source
where cells.obs_value is not null
    and counted.n_published < counted.n_sources
    and not_held.source is null
