-- Every region row that UNSD publishes for the series our indicators are made of, and every EU27 row of Eurostat, beside
-- our values under each rule: one row a provider, series (of Eurostat: indicator), breakdown, region, year and rule, and
-- one with the rule NONE for a published row which nothing of ours can be compared with.
with compared as (
    select
        'unsd' as provider,
        series,
        breakdown,
        region,
        year,
        agg_rule,
        relative_difference,
        is_equal,
        is_within_rounding,
        n_members,
        n_countries,
        n_country_reported,
        published_nature
    from {{ ref('int_reconciliation_cell') }}
    union all
    select
        'eurostat' as provider,
        indicator as series,
        breakdown,
        'EU27' as region,
        year,
        agg_rule,
        relative_difference,
        is_equal,
        is_within_rounding,
        n_members,
        n_countries,
        0 as n_country_reported,
        'UNKNOWN' as published_nature
    from {{ ref('int_reconciliation_eu') }}
),

published as (
    select 'unsd' as provider, series, breakdown, ref_area as region, year
    from {{ ref('int_reconciliation_observation') }}
    where ref_area in (select region_area from {{ ref('m49_region_members') }})
    union all
    select 'eurostat' as provider, indicator as series, breakdown, 'EU27' as region, year
    from {{ ref('int_cell') }}
    where ref_area = 'EU27' and obs_value is not null and source like 'eurostat/%'
)

select * from compared
union all
select
    published.provider,
    published.series,
    published.breakdown,
    published.region,
    published.year,
    'NONE' as agg_rule,
    cast(null as double) as relative_difference,
    false as is_equal,
    false as is_within_rounding,
    cast(null as bigint) as n_members,
    0 as n_countries,
    0 as n_country_reported,
    'UNKNOWN' as published_nature
from published
left join compared
    on published.provider = compared.provider and published.series = compared.series
    and published.breakdown = compared.breakdown
    and published.region = compared.region and published.year = compared.year
where compared.series is null
