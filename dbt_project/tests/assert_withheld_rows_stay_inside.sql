-- What comes from a data set whose licence forbids showing rows is in no published table. Every published value stands on
-- rpt_observation, which names its sources, or on rpt_reconciliation, which names its series.
-- A source that begins with "derived:" was computed from such rows and holds none of them (macro trade_values).
-- What to do: take the indicator out of the release, or have the licence approved and declared.
with withheld as (
    select provider || '/' || dataset as data_set
    from {{ source('lock', 'dataset') }}
    where not rows_may_appear
)

select distinct 'rpt_observation' as published_table, cells.indicator as name, withheld.data_set
from {{ ref('rpt_observation') }} as cells
inner join withheld on position(';' || withheld.data_set || '/' in ';' || cells.source) > 0
union all
select distinct 'rpt_reconciliation', cells.series, withheld.data_set
from {{ ref('rpt_reconciliation') }} as cells
inner join {{ ref('int_observation') }} as observations on cells.series = observations.series
inner join withheld on observations.provider || '/' || observations.dataset = withheld.data_set
