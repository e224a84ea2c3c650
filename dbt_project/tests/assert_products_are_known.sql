-- Every product code of UN Comtrade is in hs_codes in the edition it was reported in: a code of a new edition fails here
-- until somebody has said what it holds and what it came from (faults S04, S05).
-- What to do: enter it in connectors/reference/hs_codes.csv, and its predecessors in hs_concordance.csv.
with traded as (
    select
        provider,
        dataset,
        {{ dimension('classificationCode') }} as edition,
        {{ dimension('cmdCode') }} as hs_code,
        count(*) as n_rows
    from {{ ref('int_staged') }}
    where provider = 'comtrade'
    group by 1, 2, 3, 4
)

select traded.*
from traded
left join {{ ref('hs_codes') }} as codes
    on traded.hs_code = codes.hs_code and traded.edition between codes.first_edition and codes.last_edition
where codes.hs_code is null
