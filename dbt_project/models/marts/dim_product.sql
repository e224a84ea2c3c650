-- Products of the trade statistics: every reviewed code of the Harmonized System, the editions it exists in, what it holds,
-- and the codes before and after it where an edition changed it.
with changes as (
    select to_code as hs_code, from_edition || ':' || from_code as predecessor, cast(null as varchar) as successor
    from {{ ref('hs_concordance') }}
    union all
    select from_code, null, to_edition || ':' || to_code
    from {{ ref('hs_concordance') }}
),

related as (
    select
        hs_code,
        {{ join_text('predecessor') }} as predecessors,
        {{ join_text('successor') }} as successors
    from changes
    group by hs_code
)

select
    codes.hs_code,
    codes.level,
    codes.heading,
    codes.first_edition,
    codes.last_edition,
    codes.material_group,
    codes.content,
    codes.is_waste,
    codes.description_en,
    nullif(codes.caution, '') as caution,
    related.predecessors,
    related.successors
from {{ ref('hs_codes') }} as codes
left join related on codes.hs_code = related.hs_code
