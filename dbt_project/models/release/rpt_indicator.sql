-- Indicators, as published. Columns are opted in one by one: what is not named here does not leave the house.
select
    cast(cells.indicator as varchar) as indicator,
    cast(cells.title_en as varchar) as title_en,
    cast(cells.unit_measure as varchar) as unit_measure,
    cast(cells.direction as integer) as direction,
    cast(cells.entry_point as varchar) as entry_point,
    cast(cells.building_block as varchar) as building_block,
    cast(cells.bellagio_group as varchar) as bellagio_group,
    cast(cells.sdg_target as varchar) as sdg_target,
    cast(cells.source as varchar) as source,
    cast(cells.agg_rule as varchar) as agg_rule,
    cast(cells.numerator as varchar) as numerator,
    cast(cells.denominator as varchar) as denominator,
    cast(cells.lower_limit as double) as lower_limit,
    cast(cells.upper_limit as double) as upper_limit,
    cast(cells.scope as varchar) as scope,
    cast(cells.min_countries as integer) as min_countries,
    cast(cells.frequency as varchar) as frequency,
    cast(cells.trend_model as varchar) as trend_model,
    cast(cells.verified as boolean) as verified,
    cast(cells.target_expression as varchar) as target_expression,
    cast(cells.target_scope as varchar) as target_scope,
    cast(cells.target_deadline as integer) as target_deadline,
    cast(cells.target_legal_source as varchar) as target_legal_source,
    cast(cells.target_verified as boolean) as target_verified,
    cast(release.illustrative as boolean) as illustrative
from {{ ref('dim_indicator') }} as cells
cross join {{ source('lock', 'release') }} as release
