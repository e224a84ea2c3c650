-- Which reported code of which editions of the Harmonized System belongs to which product of our trade list, and with
-- which share of its trade. A code that has one predecessor with a known share goes on in it; a code without one
-- single predecessor, or with an unknown share, starts with its first edition (methodology 3.10).
with recursive predecessors as (
    select
        to_edition,
        to_code,
        count(*) as n_codes,
        min(from_edition) as from_edition,
        min(from_code) as from_code,
        min(split_share) as split_share
    from {{ ref('hs_concordance') }}
    group by to_edition, to_code
),

-- A code which an edition filled anew is another product under the same number from that edition on: a new spell.
starts as (
    select hs_code, level, first_edition, last_edition
    from {{ ref('hs_codes') }}
    union all
    select codes.hs_code, codes.level, refilled.to_edition as first_edition, codes.last_edition
    from {{ ref('hs_codes') }} as codes
    inner join {{ ref('hs_concordance') }} as refilled
        on codes.hs_code = refilled.from_code and codes.hs_code = refilled.to_code
),

spells as (
    select
        hs_code,
        level,
        first_edition,
        last_edition,
        lead(first_edition) over (partition by hs_code order by first_edition) as next_edition
    from starts
),

chain as (
    select
        listed.hs_code,
        spells.hs_code as reported_code,
        spells.first_edition,
        spells.last_edition,
        cast(1 as double) as share
    from {{ ref('trade_list') }} as listed
    inner join spells on listed.hs_code = spells.hs_code
    where spells.level = {{ parameter('trade_hs_level') }} and spells.next_edition is null
    union all
    select
        chain.hs_code,
        before.from_code as reported_code,
        spells.first_edition,
        before.from_edition as last_edition,
        chain.share * before.split_share as share
    from chain
    inner join predecessors as before
        on chain.reported_code = before.to_code and chain.first_edition = before.to_edition
    -- The spell in which that edition lies.
    inner join spells
        on before.from_code = spells.hs_code
        and spells.first_edition <= before.from_edition
        and coalesce(before.from_edition < spells.next_edition, true)
    where before.n_codes = 1 and before.split_share is not null
)

select hs_code, reported_code, first_edition, last_edition, share
from chain
