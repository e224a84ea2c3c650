-- Regional values, as published. Columns are opted in one by one: what is not named here does not leave the house.
select
    cast(cells.indicator as varchar) as indicator,
    cast(cells.breakdown as varchar) as breakdown,
    cast(cells.region as varchar) as region,
    cast(cells.time_period as varchar) as time_period,
    cast(cells.agg_rule as varchar) as agg_rule,
    cast(cells.panel as varchar) as panel,
    cast(cells.unit_measure as varchar) as unit_measure,
    cast(cells.weighting as varchar) as weighting,
    cast(cells.obs_value as double) as obs_value,
    cast(cells.difference_to_matched as double) as difference_to_matched,
    cast(cells.is_headline as boolean) as is_headline,
    cast(cells.n_countries as integer) as n_countries,
    cast(cells.n_members as integer) as n_members,
    cast(cells.n_numerator as integer) as n_numerator,
    cast(cells.n_denominator as integer) as n_denominator,
    cast(cells.min_countries as integer) as min_countries,
    cast(cells.coverage_n as double) as coverage_n,
    cast(cells.coverage_pop as double) as coverage_pop,
    cast(cells.coverage_weight as double) as coverage_weight,
    cast(cells.imputed_share as double) as imputed_share,
    cast(cells.provisional_share as double) as provisional_share,
    cast(cells.break_share as double) as break_share,
    cast(cells.obs_status as varchar) as obs_status,
    cast(cells.null_reason as varchar) as null_reason,
    cast(release.illustrative as boolean) as illustrative
from {{ ref('fct_aggregate') }} as cells
cross join {{ source('lock', 'release') }} as release
