-- Our regional values against UNSD's own region rows: for each series and region the rule that comes nearest, in how
-- many years it gives the published value exactly, and why it does not in the others (register of explained
-- differences). A difference without an explanation is a warning, not an error.
with rules as (
    select
        series,
        region,
        agg_rule,
        count(*) as n_years,
        count(*) filter (where is_equal) as n_equal,
        avg(abs(relative_difference)) as mean_difference
    from {{ ref('int_reconciliation_cell') }}
    group by series, region, agg_rule
),

best as (
    -- A rate is a ratio of sums; that its mean comes near by chance says nothing about how the row was made.
    select *, row_number() over (
        partition by series, region order by n_equal desc, mean_difference, agg_rule) as place
    from rules
    where agg_rule in ('RSUM_MATCHED', 'RSUM_FULL')
        or series not in (select series from rules where agg_rule = 'RSUM_MATCHED')
),

reasons as (
    select
        cells.*,
        case
            when cells.is_equal then null
            when cells.is_within_rounding then 'ROUNDED_PARTS'
            when named.reason_code is not null then named.reason_code
            when cells.agg_rule in ('RSUM_MATCHED', 'RSUM_FULL') then 'REGION_DENOMINATOR'
            when cells.n_country_reported > 0 and cells.published_nature <> 'C' then 'COUNTRY_REPORTED'
            when cells.n_countries < cells.n_members then 'UNPUBLISHED_COUNTRIES'
            when cells.published_nature <> 'C' then 'REGION_MODELLED'
        end as reason_code,
        named.reason_code is not null and not cells.is_equal and not cells.is_within_rounding as is_named
    from {{ ref('int_reconciliation_cell') }} as cells
    inner join best
        on best.place = 1
        and cells.series = best.series and cells.region = best.region and cells.agg_rule = best.agg_rule
    left join {{ ref('reconciliation_register') }} as named
        on cells.series = named.series and cells.region = named.region
),

explained as (
    select
        reasons.*,
        register.explanation,
        register.verified,
        reasons.is_equal or coalesce(
            abs(reasons.relative_difference) <= register.max_relative_difference, false) as is_explained
    from reasons
    left join {{ ref('reconciliation_register') }} as register
        on reasons.reason_code = register.reason_code
        and register.series in (reasons.series, '*')
        and register.region = case when reasons.is_named then reasons.region else '*' end
),

equal_by_rule as (
    select
        series,
        region,
        {% for rule in ['SUM', 'MEAN', 'MEDIAN', 'RSUM_MATCHED', 'RSUM_FULL'] %}
        cast(max(case when agg_rule = '{{ rule }}' then n_equal end) as integer)
            as n_equal_{{ rule | lower }}{{ ',' if not loop.last }}
        {% endfor %}
    from rules
    group by series, region
),

counted as (
    select
        series,
        region,
        agg_rule as best_rule,
        cast(count(*) as integer) as n_years,
        cast(count(*) filter (where is_equal) as integer) as n_equal,
        cast(count(*) filter (where not is_equal and is_explained) as integer) as n_explained,
        cast(count(*) filter (where not is_explained) as integer) as n_unexplained,
        max(abs(relative_difference)) as max_relative_difference,
        {{ join_text('reason_code') }} as reason_codes,
        {{ join_text('explanation') }} as explanations
    from explained
    group by series, region, agg_rule
)

select
    counted.*,
    areas.name_en as region_name,
    {% for rule in ['sum', 'mean', 'median', 'rsum_matched', 'rsum_full'] %}
    equal_by_rule.n_equal_{{ rule }}{{ ',' if not loop.last }}
    {% endfor %}
from counted
inner join equal_by_rule on counted.series = equal_by_rule.series and counted.region = equal_by_rule.region
inner join {{ ref('areas') }} as areas on counted.region = areas.ref_area
