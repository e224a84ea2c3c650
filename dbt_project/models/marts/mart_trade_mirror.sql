-- Do exporters and importers tell the same? Mirror gap in trade in recyclables of each member State and year (median over
-- its flows), and the medians as exporter and as importer; of each published region, the median over the flows between
-- its members (methodology 3.10, entry points 3 and 5). Ratios over several flows, derived from UN Comtrade: none of its
-- rows can be read from them.
with sides as (
    select
        ref_area,
        year,
        {{ median("case when role = 'exporter' then mirror_gap end") }} as gap_as_exporter,
        {{ median("case when role = 'importer' then mirror_gap end") }} as gap_as_importer
    from {{ ref('int_trade_pair') }}
    group by ref_area, year
),

groups as (
    select group_code, ref_area
    from {{ ref('dim_country_group') }}
    where is_published and is_current
),

years as (
    select distinct year from {{ ref('int_trade_mirror') }}
),

regional as (
    select
        exporters.group_code,
        flows.year,
        {{ median('flows.mirror_gap') }} as mirror_gap,
        count(*) as n_flows,
        count(flows.mirror_gap) as n_compared,
        count(flows.mirror_gap) filter (where flows.basis = 'weight') as n_by_weight
    from {{ ref('int_trade_pair') }} as flows
    inner join groups as exporters on flows.ref_area = exporters.ref_area
    inner join groups as importers
        on flows.partner = importers.ref_area and exporters.group_code = importers.group_code
    where flows.role = 'exporter'
    group by exporters.group_code, flows.year
)

select
    'country' as area_kind,
    gaps.ref_area as area,
    gaps.year,
    gaps.mirror_gap,
    sides.gap_as_exporter,
    sides.gap_as_importer,
    gaps.n_flows,
    gaps.n_compared,
    gaps.n_by_weight,
    gaps.null_reason
from {{ ref('int_trade_mirror') }} as gaps
left join sides on gaps.ref_area = sides.ref_area and gaps.year = sides.year
union all
select
    'region',
    regions.group_code,
    years.year,
    regional.mirror_gap,
    null,
    null,
    cast(coalesce(regional.n_flows, 0) as integer),
    cast(coalesce(regional.n_compared, 0) as integer),
    cast(coalesce(regional.n_by_weight, 0) as integer),
    case when regional.mirror_gap is null then 'INSUFFICIENT' end
from (select distinct group_code from groups) as regions
cross join years
left join regional on regions.group_code = regional.group_code and years.year = regional.year
