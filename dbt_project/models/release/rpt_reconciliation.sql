-- Reconciliation with UNSD and Eurostat, as published. Columns are opted in one by one: what is not named here does not leave the house.
select
    cast(cells.provider as varchar) as provider,
    cast(cells.series as varchar) as series,
    cast(cells.breakdown as varchar) as breakdown,
    cast(cells.region as varchar) as region,
    cast(cells.region_name as varchar) as region_name,
    cast(cells.best_rule as varchar) as best_rule,
    cast(cells.n_years as integer) as n_years,
    cast(cells.n_equal as integer) as n_equal,
    cast(cells.n_explained as integer) as n_explained,
    cast(cells.n_unexplained as integer) as n_unexplained,
    cast(cells.n_equal_sum as integer) as n_equal_sum,
    cast(cells.n_equal_mean as integer) as n_equal_mean,
    cast(cells.n_equal_median as integer) as n_equal_median,
    cast(cells.n_equal_rsum_matched as integer) as n_equal_rsum_matched,
    cast(cells.n_equal_rsum_full as integer) as n_equal_rsum_full,
    cast(cells.max_relative_difference as double) as max_relative_difference,
    cast(cells.reason_codes as varchar) as reason_codes,
    cast(cells.explanations as varchar) as explanations,
    cast(release.illustrative as boolean) as illustrative
from {{ ref('fct_reconciliation') }} as cells
cross join {{ source('lock', 'release') }} as release
