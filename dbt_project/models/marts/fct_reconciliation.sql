-- Our regional values against UNSD's own region rows and Eurostat's rows of the European Union: for each series and
-- region the rule that comes nearest, in how many years it gives the published value exactly, and why it does not in the
-- others (register of explained differences). A difference without an explanation is a warning, not an error.
with rules as (
    select
        provider,
        series,
        breakdown,
        region,
        agg_rule,
        count(*) as n_years,
        count(*) filter (where is_equal) as n_equal,
        avg(abs(relative_difference)) as mean_difference
    from {{ ref('int_reconciliation_rule') }}
    group by provider, series, breakdown, region, agg_rule
),

placed as (
    -- A rate is a ratio of sums; that its mean comes near by chance says nothing about how the row was made.
    select
        cells.*,
        row_number() over (
            partition by cells.provider, cells.series, cells.breakdown, cells.region, cells.year
            order by
                cells.agg_rule in ('RSUM_MATCHED', 'RSUM_FULL') desc,
                rules.n_equal desc,
                rules.mean_difference,
                cells.agg_rule) as place
    from {{ ref('int_reconciliation_rule') }} as cells
    inner join rules
        on cells.provider = rules.provider and cells.series = rules.series and cells.breakdown = rules.breakdown
        and cells.region = rules.region and cells.agg_rule = rules.agg_rule
),

reasons as (
    select
        cells.*,
        case
            when cells.is_equal then null
            when cells.is_within_rounding then 'ROUNDED_PARTS'
            when cells.agg_rule = 'NONE' then 'NO_COUNTRY_ROWS'
            when named.reason_code is not null then named.reason_code
            when cells.provider = 'eurostat' and cells.agg_rule in ('MEAN', 'MEDIAN') then 'NO_WEIGHT'
            when cells.provider = 'eurostat' and cells.n_countries < cells.n_members then 'UNPUBLISHED_COUNTRIES'
            when cells.agg_rule in ('RSUM_MATCHED', 'RSUM_FULL') then 'REGION_DENOMINATOR'
            -- Members who are missing make a sum of what is never negative too small, not too large.
            when cells.agg_rule = 'SUM' and cells.relative_difference > 0 then case
                when cells.published_nature = 'C' then null
                when cells.n_country_reported > 0 then 'COUNTRY_REPORTED'
                else 'REGION_MODELLED'
            end
            -- Where most of a region is not published, nothing else needs to be said.
            when cells.n_countries < {{ parameter('min_share_subgroup') }} * cells.n_members then 'UNPUBLISHED_COUNTRIES'
            when cells.n_country_reported > 0 and cells.published_nature <> 'C' then 'COUNTRY_REPORTED'
            when cells.n_countries < cells.n_members then 'UNPUBLISHED_COUNTRIES'
            when cells.published_nature <> 'C' then 'REGION_MODELLED'
        end as reason_code,
        case
            when cells.is_within_rounding or cells.agg_rule = 'NONE' then '*'
            else coalesce(named.region, '*')
        end as named_region
    from placed as cells
    left join {{ ref('reconciliation_register') }} as named
        on cells.provider = named.provider
        and named.series in (cells.series, cells.series || '/' || cells.breakdown)
        -- A whole series may be named for what it is: a rate without weights, a code with two definitions.
        and (cells.region = named.region or (named.region = '*' and named.reason_code in ('NO_WEIGHT', 'OTHER_DEFINITION')))
    where cells.place = 1
),

explained as (
    select
        reasons.*,
        register.explanation,
        reasons.is_equal or coalesce(
            reasons.agg_rule = 'NONE' or abs(reasons.relative_difference) <= register.max_relative_difference, false)
            as is_explained,
        row_number() over (
            partition by reasons.provider, reasons.series, reasons.breakdown, reasons.region, reasons.year
            -- What is said of a part goes before what is said of its series, and that before what is said of all.
            order by register.series = '*', register.series = reasons.series)
            as choice
    from reasons
    left join {{ ref('reconciliation_register') }} as register
        on reasons.provider = register.provider
        and reasons.reason_code = register.reason_code
        and register.series in (reasons.series || '/' || reasons.breakdown, reasons.series, '*')
        and register.region = reasons.named_region
),

equal_by_rule as (
    select
        provider,
        series,
        breakdown,
        region,
        {% for rule in ['SUM', 'MEAN', 'MEDIAN', 'RSUM_MATCHED', 'RSUM_FULL'] %}
        cast(max(case when agg_rule = '{{ rule }}' then n_equal end) as integer)
            as n_equal_{{ rule | lower }}{{ ',' if not loop.last }}
        {% endfor %}
    from rules
    group by provider, series, breakdown, region
),

counted as (
    select
        provider,
        series,
        breakdown,
        region,
        {{ join_text('agg_rule') }} as best_rule,
        cast(count(*) as integer) as n_years,
        cast(count(*) filter (where is_equal) as integer) as n_equal,
        cast(count(*) filter (where not is_equal and is_explained) as integer) as n_explained,
        cast(count(*) filter (where not is_explained) as integer) as n_unexplained,
        max(abs(relative_difference)) as max_relative_difference,
        {{ join_text('reason_code') }} as reason_codes,
        {{ join_text('explanation') }} as explanations
    from explained
    where choice = 1
    group by provider, series, breakdown, region
)

select
    counted.*,
    coalesce(areas.name_en, groups.name_en) as region_name,
    {% for rule in ['sum', 'mean', 'median', 'rsum_matched', 'rsum_full'] %}
    equal_by_rule.n_equal_{{ rule }}{{ ',' if not loop.last }}
    {% endfor %}
from counted
inner join equal_by_rule
    on counted.provider = equal_by_rule.provider and counted.series = equal_by_rule.series
    and counted.breakdown = equal_by_rule.breakdown and counted.region = equal_by_rule.region
left join {{ ref('areas') }} as areas on counted.region = areas.ref_area
left join {{ ref('country_groups') }} as groups on counted.region = groups.group_code
