-- W09, municipal waste incinerated, per cent of municipal waste generated: the published shares without and with
-- energy recovery, added up. Where one of the two is not reported there is no sum. Regional value: tonnes
-- incinerated over tonnes generated of the same database.
{% set without = dimension('Type of waste treatment') ~ " = 'INCINRT'" %}
{% set with_energy = dimension('Type of waste treatment') ~ " = 'INCINRT_EGY'" %}
with burnt as ({{ series_values('EN_MWT_TREATR', without) }}),

recovered as ({{ series_values('EN_MWT_TREATR', with_energy) }}),

burnt_tonnes as ({{ part_values('EN_MWT_TREATV', without) }}),

recovered_tonnes as ({{ part_values('EN_MWT_TREATV', with_energy) }}),

generated as ({{ part_values('EN_MWT_GENV') }}),

incinerated as (
    select
        burnt.ref_area,
        burnt.time_period,
        burnt.year,
        burnt.obs_value + recovered.obs_value as obs_value,
        burnt.unit_measure,
        burnt.obs_status,
        burnt.obs_status_raw,
        case
            when burnt.conf_status <> 'F' then burnt.conf_status
            else coalesce(recovered.conf_status, 'F')
        end as conf_status,
        burnt.nature,
        burnt.is_zero_ambiguous,
        'Derived: sum of the shares incinerated without and with energy recovery' as comment_obs,
        {{ joined_provenance('burnt', ['recovered']) }}
    from burnt
    left join recovered on burnt.ref_area = recovered.ref_area and burnt.time_period = recovered.time_period
)

select
    {{ indicator_columns('w09', 'incinerated', denominator='generated.obs_value',
        numerator='100 * (burnt_tonnes.obs_value + recovered_tonnes.obs_value)') }}
from incinerated
left join burnt_tonnes
    on incinerated.ref_area = burnt_tonnes.ref_area and incinerated.time_period = burnt_tonnes.time_period
left join recovered_tonnes
    on incinerated.ref_area = recovered_tonnes.ref_area and incinerated.time_period = recovered_tonnes.time_period
left join generated on incinerated.ref_area = generated.ref_area and incinerated.time_period = generated.time_period
