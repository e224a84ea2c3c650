-- W05, municipal waste per person, kg. Eurostat's published rate where there is one; else tonnes of the SDG
-- database over population: per person = 1000 * tonnes / persons (methodology 2 and 3.2). The two are never mixed
-- in a country and year, and a derived value says so. Region rows are not derived: their tonnes and persons are of
-- other countries.
{% set columns = 'ref_area, time_period, year, obs_value, unit_measure, obs_status, obs_status_raw, conf_status, '
    ~ 'nature, is_zero_ambiguous, null_reason, source, vintage, snapshot_sha256, comment_obs' %}
with published as ({{ series_values('CEI_PC031') }}),

tonnes_eurostat as ({{ part_values('ENV_WASMUN', dimension('wst_oper') ~ " = 'GEN'") }}),

tonnes_unsd as ({{ part_values('EN_MWT_GENV') }}),

population as ({{ part_values('SP.POP.TOTL') }}),

derived as ({{ derived_values(series_values('EN_MWT_GENV', "area_kind = 'country'"), series_values('SP.POP.TOTL'),
    1000, 'kg/cap', 'Derived: municipal waste generated (tonnes) over population of the same year') }}),

-- A confidential cell of the published series is never filled from elsewhere; an empty one may be.
filled as (
    select *, case when conf_status <> 'F' then 'CONFIDENTIAL' end as null_reason from published
    where obs_value is not null or conf_status <> 'F'
),

empty as (
    select *, {{ empty_reason('published') }} as null_reason from published
    where obs_value is null and conf_status = 'F'
),

chosen as (
    select {{ columns }} from filled
    union all
    select {{ columns }} from derived
    where not exists (
        select * from filled
        where derived.ref_area = filled.ref_area and derived.time_period = filled.time_period)
    union all
    select {{ columns }} from empty
    where not exists (
        select * from derived
        where empty.ref_area = derived.ref_area and empty.time_period = derived.time_period)
)

select
    {{ indicator_columns('w05', 'chosen', reason='chosen.null_reason',
        numerator='1000 * coalesce(tonnes_eurostat.obs_value, tonnes_unsd.obs_value)',
        denominator='population.obs_value') }}
from chosen
left join tonnes_eurostat
    on chosen.ref_area = tonnes_eurostat.ref_area and chosen.time_period = tonnes_eurostat.time_period
left join tonnes_unsd
    on chosen.ref_area = tonnes_unsd.ref_area and chosen.time_period = tonnes_unsd.time_period
left join population on chosen.ref_area = population.ref_area and chosen.time_period = population.time_period
