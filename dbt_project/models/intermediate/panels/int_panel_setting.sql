-- The distinct ways in which the variants of an assessment choose points, members and windows of a region, an indicator
-- at a time, with the rule that gives the values: one row a setting and indicator. Variants that differ in nothing else
-- than their trend or target share one. `points` names the points a setting reads (int_panel_region_point). A rule
-- that cannot give a value for the indicator says why: counts of countries are no measure a rate of change is taken of,
-- and of rows which only their publisher has there are no countries behind.
with settings as (
    select distinct
        points_from,
        membership_from,
        method_from,
        excludes_estimated,
        drops_last_year,
        base_shift,
        window_shift,
        agg_rule as wanted_rule
    from {{ ref('int_variant') }}
)

select
    {{ panel_setting('settings', 'wanted_rule') }} as setting,
    {{ panel_points('settings') }} as points,
    settings.points_from,
    settings.membership_from,
    settings.method_from,
    settings.excludes_estimated,
    settings.drops_last_year,
    settings.base_shift,
    settings.window_shift,
    settings.wanted_rule,
    registry.indicator,
    rules.agg_rule,
    rules.rule_family,
    rules.is_weighted,
    case
        when registry.agg_rule = 'PUBLISHED' then 'NO_DATA'
        when registry.agg_rule = 'COUNT' then 'UNABLE'
        when rules.indicator is null then 'NO_WEIGHT'
        else rules.rule_reason
    end as rule_reason
from settings
cross join {{ ref('int_registry') }} as registry
left join {{ ref('int_aggregate_rule') }} as rules
    on registry.indicator = rules.indicator
    and (settings.wanted_rule = rules.agg_rule or (settings.wanted_rule is null and rules.is_headline))
