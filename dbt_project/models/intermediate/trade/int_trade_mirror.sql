-- Mirror gap of each member State and year: the median over its flows in our trade list, as exporter and as importer,
-- of those which both sides give (methodology 3.10; indicator T03).
with years as (
    select distinct year from {{ ref('int_trade_flow') }}
),

reported as (
    select distinct ref_area, year from {{ ref('int_trade_flow') }}
),

medians as (
    select
        ref_area,
        year,
        {{ median('mirror_gap') }} as mirror_gap,
        count(*) as n_flows,
        count(mirror_gap) as n_compared,
        count(mirror_gap) filter (where basis = 'weight') as n_by_weight
    from {{ ref('int_trade_pair') }}
    group by ref_area, year
)

select
    countries.ref_area,
    years.year,
    medians.mirror_gap,
    cast(coalesce(medians.n_flows, 0) as integer) as n_flows,
    cast(coalesce(medians.n_compared, 0) as integer) as n_compared,
    cast(coalesce(medians.n_by_weight, 0) as integer) as n_by_weight,
    case
        when medians.mirror_gap is not null then null
        when countries.trade_reported_within is not null then 'REPORTED_WITHIN'
        when reported.ref_area is null then 'NOT_REPORTED'
        else 'INSUFFICIENT'
    end as null_reason
from {{ ref('countries') }} as countries
cross join years
left join reported on countries.ref_area = reported.ref_area and years.year = reported.year
left join medians on countries.ref_area = medians.ref_area and years.year = medians.year
where years.year between {{ parameter('first_year') }} and {{ reference_year() }}
