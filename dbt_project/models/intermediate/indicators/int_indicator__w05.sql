-- W05, municipal waste per person, kg. Eurostat's published rate where there is one; else tonnes of the SDG database
-- over population: per person = 1000 * tonnes / persons (methodology 2 and 3.2). The two are never mixed in a country
-- and year, and a derived value says so.
with published as ({{ series_values('CEI_PC031') }}),

generated_eurostat as ({{ series_values('ENV_WASMUN', dimension('wst_oper') ~ " = 'GEN'") }}),

generated_unsd as ({{ series_values('EN_MWT_GENV') }}),

population as ({{ series_values('SP.POP.TOTL') }}),

derived as (
    select
        tonnes.ref_area,
        tonnes.area_kind,
        tonnes.time_period,
        tonnes.year,
        1000 * tonnes.obs_value / nullif(population.obs_value, 0) as obs_value,
        'kg/cap' as unit_measure,
        tonnes.obs_status,
        tonnes.obs_status_raw,
        tonnes.conf_status,
        tonnes.nature,
        'Derived: municipal waste generated (tonnes) over population of the same year' as comment_obs,
        tonnes.source || ';' || population.source as source,
        tonnes.vintage || ';' || population.vintage as vintage,
        tonnes.snapshot_sha256 || ';' || population.snapshot_sha256 as snapshot_sha256
    from generated_unsd as tonnes
    inner join population on tonnes.ref_area = population.ref_area and tonnes.time_period = population.time_period
    where tonnes.area_kind = 'country'
),

-- A confidential cell of the published series is never filled from elsewhere; an empty one may be.
candidates as (
    select published.*, case when obs_value is not null or conf_status <> 'F' then 1 else 3 end as place
    from published
    union all
    select derived.*, 2 as place
    from derived
),

chosen as (
    select candidates.*
    from candidates
    inner join (
        select ref_area, time_period, min(place) as place from candidates group by ref_area, time_period
    ) as best
        on candidates.ref_area = best.ref_area
        and candidates.time_period = best.time_period and candidates.place = best.place
)

select
    {{ indicator_columns('w05', 'chosen',
        numerator='1000 * coalesce(generated_eurostat.obs_value, generated_unsd.obs_value)',
        denominator='population.obs_value') }}
from chosen
left join generated_eurostat
    on chosen.ref_area = generated_eurostat.ref_area and chosen.time_period = generated_eurostat.time_period
left join generated_unsd
    on chosen.ref_area = generated_unsd.ref_area and chosen.time_period = generated_unsd.time_period
left join population on chosen.ref_area = population.ref_area and chosen.time_period = population.time_period
