-- What the members of a region bring, point by point: one row a choice of points and members, family of rules,
-- indicator, breakdown, region, member and year, for the members that can take part: with a value, and for a ratio with
-- numerator and denominator. Sorted, because sums of floating-point numbers depend on their order.
with wanted as (
    select distinct points, points_from, membership_from, excludes_estimated, rule_family, indicator
    from {{ ref('int_panel_setting') }}
    where rule_reason is null
),

population as (
    select ref_area, year, obs_value from {{ ref('int_cell') }} where indicator = 'POP' and breakdown = '_T'
)

select
    wanted.points,
    wanted.rule_family,
    cells.indicator,
    cells.breakdown,
    members.region,
    cells.ref_area,
    cells.year,
    cells.obs_value,
    cells.numerator,
    cells.denominator,
    case wanted.rule_family when 'SUM' then cells.obs_value when 'RSUM' then cells.denominator else 1 end as weight,
    population.obs_value as population,
    cells.is_break
from wanted
inner join {{ ref('int_panel_point') }} as cells
    on wanted.points_from = cells.points_from
    and wanted.excludes_estimated = cells.excludes_estimated and wanted.indicator = cells.indicator
inner join {{ ref('int_panel_region_member') }} as members
    on wanted.membership_from = members.membership_from
    and wanted.indicator = members.indicator and cells.ref_area = members.ref_area
left join population on cells.ref_area = population.ref_area and cells.year = population.year
where wanted.rule_family <> 'RSUM' or (cells.numerator is not null and cells.denominator is not null)
order by wanted.points, wanted.rule_family, cells.indicator, cells.breakdown, members.region, cells.year, cells.ref_area
