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

-- A code which an edition filled anew is another product under the same number from that edition on.
codes as (
    select codes.hs_code, codes.level, max(coalesce(refilled.to_edition, codes.first_edition)) as first_edition, codes.last_edition
    from {{ ref('hs_codes') }} as codes
    left join {{ ref('hs_concordance') }} as refilled
        on codes.hs_code = refilled.from_code and codes.hs_code = refilled.to_code
    group by codes.hs_code, codes.level, codes.last_edition
),

chain as (
    select
        listed.hs_code,
        codes.hs_code as reported_code,
        codes.first_edition,
        codes.last_edition,
        cast(1 as double) as share
    from {{ ref('trade_list') }} as listed
    inner join codes on listed.hs_code = codes.hs_code
    where codes.level = {{ parameter('trade_hs_level') }}
    union all
    select
        chain.hs_code,
        before.from_code as reported_code,
        codes.first_edition,
        before.from_edition as last_edition,
        chain.share * before.split_share as share
    from chain
    inner join predecessors as before
        on chain.reported_code = before.to_code and chain.first_edition = before.to_edition
    inner join {{ ref('hs_codes') }} as codes on before.from_code = codes.hs_code
    where before.n_codes = 1 and before.split_share is not null
)

select hs_code, reported_code, first_edition, last_edition, share
from chain
