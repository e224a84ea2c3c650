-- Where does the money go? Fossil-fuel subsidies, environmental taxes, private investment and protection expenditure of
-- every member State, latest value, beside the median of its sub-group in the same year (of at least two countries): the
-- investment and finance gap (Circular STEP 3, methodology 3.8).
with slots as ({{ latest_slots('finance') }}),

medians as (
    select
        cells.indicator,
        cells.breakdown,
        cells.year,
        countries.unece_subgroup,
        {{ median('cells.obs_value') }} as group_median,
        count(*) as n_group
    from {{ ref('fct_observation') }} as cells
    inner join {{ ref('dim_country') }} as countries on cells.ref_area = countries.ref_area
    where cells.obs_value is not null and not cells.is_zero_ambiguous
    group by cells.indicator, cells.breakdown, cells.year, countries.unece_subgroup
)

select
    slots.ref_area,
    slots.theme,
    slots.indicator,
    slots.breakdown,
    slots.title_en,
    slots.unit_measure,
    countries.unece_subgroup,
    slots.latest_year,
    slots.latest_value,
    cast(coalesce(medians.n_group, 0) as integer) as n_group,
    case when medians.n_group >= {{ parameter('gap_min_group') }} then medians.group_median end as group_median,
    case when medians.n_group >= {{ parameter('gap_min_group') }} then slots.latest_value < medians.group_median end
        as is_below_group,
    slots.obs_status,
    slots.null_reason,
    slots.slot_reason
from slots
inner join {{ ref('dim_country') }} as countries on slots.ref_area = countries.ref_area
left join medians
    on slots.indicator = medians.indicator and slots.breakdown = medians.breakdown
    and slots.latest_year = medians.year and countries.unece_subgroup = medians.unece_subgroup
