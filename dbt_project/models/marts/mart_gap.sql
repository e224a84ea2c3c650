-- Where are the gaps? One row a member State and entry point with four kinds of gap, each with its evidence, and no
-- composite (methodology 3.8). data_gap: mean availability of its indicators below 0.5, or policy data missing, for missing
-- policy data are a data gap and not a policy gap; policy_gap: no instrument, procurement below level 1 or reporting below
-- 100; performance_gap: at least half of the indicators assessed by M1 not green; finance_gap: investment (S02) below the
-- median of the sub-group. Peers are the countries of the same sub-group without that gap. The UNDA project reads entry
-- points 3, 2 and 1.
with grid as (
    select countries.ref_area, countries.unece_subgroup, entries.entry_point
    from {{ ref('dim_country') }} as countries
    cross join (values ('1'), ('2'), ('3'), ('4'), ('5'), ('X')) as entries (entry_point)
),

seen as (
    select registry.entry_point, cells.ref_area, cells.indicator, avg(cells.availability) as availability
    from {{ ref('mart_availability') }} as cells
    inner join {{ ref('dim_indicator') }} as registry on cells.indicator = registry.indicator
    where cells.scope = 'W'
    group by registry.entry_point, cells.ref_area, cells.indicator
    order by registry.entry_point, cells.ref_area, cells.indicator
),

visible as (
    select
        entry_point,
        ref_area,
        avg(availability) as availability,
        {{ join_text("case when is_unseen then indicator end") }} as unseen
    from (select *, availability < {{ parameter('gap_availability') }} as is_unseen from seen) as judged
    group by entry_point, ref_area
),

policies as (
    select
        entry_point,
        ref_area,
        count(meets_minimum) as n_known,
        count(*) filter (where not meets_minimum) as n_below,
        -- A value has no reason.
        count(*) filter (where null_reason <> 'CANNOT_EXIST') as n_missing,
        {{ join_text("case when not meets_minimum then indicator end") }} as below,
        {{ join_text("case when null_reason <> 'CANNOT_EXIST' then indicator end") }} as missing
    from {{ ref('mart_policy_map') }}
    where minimum is not null
    group by entry_point, ref_area
),

assessed as (
    select
        registry.entry_point,
        progress.area as ref_area,
        count(*) as n_assessed,
        count(*) filter (where progress.colour <> 'green') as n_not_green,
        {{ join_text("case when progress.colour <> 'green' then progress.indicator end") }} as not_green
    from {{ ref('fct_progress') }} as progress
    inner join {{ ref('dim_indicator') }} as registry on progress.indicator = registry.indicator
    where progress.method = 'M1' and progress.area_kind = 'country' and progress.breakdown = '_T'
        and progress.is_headline and progress.colour in ('green', 'yellow', 'red')
    group by registry.entry_point, progress.area
),

stated as (
    select
        grid.ref_area,
        grid.unece_subgroup,
        grid.entry_point,
        visible.availability,
        visible.unseen,
        policies.missing,
        policies.below,
        coalesce(assessed.n_assessed, 0) as n_assessed,
        coalesce(assessed.n_not_green, 0) as n_not_green,
        assessed.not_green,
        case
            when policies.n_missing > 0 then true
            when visible.availability is not null then visible.availability < {{ parameter('gap_availability') }}
            when policies.n_missing = 0 then false
        end as data_gap,
        case when policies.n_known > 0 then policies.n_below > 0 end as policy_gap,
        assessed.n_not_green >= {{ parameter('gap_not_green_share') }} * assessed.n_assessed as performance_gap,
        finance.is_below_group as finance_gap,
        finance.latest_value as investment,
        finance.group_median as investment_median,
        finance.latest_year as investment_year,
        case
            when policies.n_known > 0 then null
            when policies.ref_area is null then 'NOT_ASSESSED'
            else 'NO_DATA'
        end as policy_reason,
        case when assessed.n_assessed is null then 'NO_DATA' end as performance_reason,
        case
            when finance.is_below_group is not null then null
            when finance.latest_value is null then coalesce(finance.null_reason, 'NO_DATA')
            else 'INSUFFICIENT'
        end as finance_reason
    from grid
    left join visible on grid.ref_area = visible.ref_area and grid.entry_point = visible.entry_point
    left join policies on grid.ref_area = policies.ref_area and grid.entry_point = policies.entry_point
    left join assessed on grid.ref_area = assessed.ref_area and grid.entry_point = assessed.entry_point
    left join {{ ref('mart_finance') }} as finance
        on finance.indicator = 'S02' and finance.breakdown = '_T' and grid.ref_area = finance.ref_area
),

peers as (
    select
        countries.ref_area,
        countries.entry_point,
        {% for gap in ['data', 'policy', 'performance', 'finance'] %}
        {{ join_text("case when not others." ~ gap ~ "_gap then others.ref_area end") }} as {{ gap }}_peers{{ ',' if not loop.last }}
        {% endfor %}
    from stated as countries
    inner join stated as others
        on countries.entry_point = others.entry_point and countries.unece_subgroup = others.unece_subgroup
        and countries.ref_area <> others.ref_area
    group by countries.ref_area, countries.entry_point
)

select
    stated.ref_area,
    stated.entry_point,
    stated.unece_subgroup,
    stated.entry_point in ('1', '2', '3') as is_unda,
    case stated.entry_point when '1' then 'waste' when '2' then 'public procurement' when '3' then 'traceability' end
        as unda_theme,
    stated.data_gap,
    stated.availability,
    stated.unseen as data_evidence,
    stated.missing as missing_policy_data,
    case when stated.data_gap is null then 'NO_DATA' end as data_reason,
    peers.data_peers,
    stated.policy_gap,
    stated.below as policy_evidence,
    stated.policy_reason,
    peers.policy_peers,
    stated.performance_gap,
    cast(stated.n_assessed as integer) as n_assessed,
    cast(stated.n_not_green as integer) as n_not_green,
    stated.not_green as performance_evidence,
    stated.performance_reason,
    peers.performance_peers,
    stated.finance_gap,
    stated.investment,
    stated.investment_median,
    stated.investment_year,
    stated.finance_reason,
    peers.finance_peers
from stated
left join peers on stated.ref_area = peers.ref_area and stated.entry_point = peers.entry_point
