-- The year each run judges an indicator by, whether it is over (rule 7 of methodology 3.4), and the year its trends lead
-- to: the target year, or the default deadline where the target year is over, for a projection beside the outcome.
with latest as (
    select variant, indicator, max(year) as latest_year
    from {{ ref('int_progress_point') }}
    group by variant, indicator
),

previous as (
    select indicator, max(target_year) as target_year
    from {{ source('predecessor', 'rpt_target') }}
    group by indicator
),

years as (
    select
        variants.variant,
        definitions.indicator,
        case when variants.targets_from = 'previous' then previous.target_year
            when definitions.kind <> 'none' then definitions.target_year end as target_year,
        cast({{ parameter('default_deadline') }} as integer) as default_deadline,
        latest.latest_year
    from {{ ref('int_variant') }} as variants
    cross join {{ ref('int_target_definition') }} as definitions
    left join previous on definitions.indicator = previous.indicator
    left join latest on variants.variant = latest.variant and definitions.indicator = latest.indicator
),

judged as (
    select *, coalesce(target_year < {{ reference_year() }} or target_year <= latest_year, false) as is_past from years
)

select
    variant,
    indicator,
    target_year,
    is_past,
    case when is_past or target_year is null then default_deadline else target_year end as fit_year
from judged
