-- Gaps, as published.
-- Columns are opted in one by one: what is not named here does not leave the house.
select
    cast(cells.ref_area as varchar) as ref_area,
    cast(areas.name_en as varchar) as ref_area_name_en,
    cast(cells.entry_point as varchar) as entry_point,
    cast(cells.unece_subgroup as varchar) as unece_subgroup,
    cast(cells.is_unda as boolean) as is_unda,
    cast(cells.unda_theme as varchar) as unda_theme,
    cast(cells.data_gap as boolean) as data_gap,
    cast(cells.availability as double) as availability,
    cast(cells.data_evidence as varchar) as data_evidence,
    cast(cells.missing_policy_data as varchar) as missing_policy_data,
    cast(cells.data_reason as varchar) as data_reason,
    cast(cells.data_peers as varchar) as data_peers,
    cast(cells.policy_gap as boolean) as policy_gap,
    cast(cells.policy_evidence as varchar) as policy_evidence,
    cast(cells.policy_reason as varchar) as policy_reason,
    cast(cells.policy_peers as varchar) as policy_peers,
    cast(cells.performance_gap as boolean) as performance_gap,
    cast(cells.n_assessed as integer) as n_assessed,
    cast(cells.n_not_green as integer) as n_not_green,
    cast(cells.performance_evidence as varchar) as performance_evidence,
    cast(cells.performance_reason as varchar) as performance_reason,
    cast(cells.performance_peers as varchar) as performance_peers,
    cast(cells.finance_gap as boolean) as finance_gap,
    cast(cells.investment as double) as investment,
    cast(cells.investment_median as double) as investment_median,
    cast(cells.investment_year as integer) as investment_year,
    cast(cells.finance_reason as varchar) as finance_reason,
    cast(cells.finance_peers as varchar) as finance_peers,
    cast(release.illustrative as boolean) as illustrative
from {{ ref('mart_gap') }} as cells
left join {{ ref('dim_area') }} as areas on cells.ref_area = areas.ref_area
cross join {{ source('lock', 'release') }} as release
