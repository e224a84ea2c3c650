-- W07_TRADE, municipal recycling rate with trade terms: 100 * (RCY + EXP - IMP) / GEN (methodology 3.2, SDG 12.5.1).
-- Where a term is not reported there is no value; W07_SIMPLE stands beside it, never in its place.
with recycled as ({{ series_values('EN_MWT_RCYV') }}),

exported as ({{ series_values('EN_MWT_EXP') }}),

imported as ({{ series_values('EN_MWT_IMP') }}),

generated as ({{ series_values('EN_MWT_GENV') }}),

corrected as (
    select
        recycled.ref_area,
        recycled.area_kind,
        recycled.time_period,
        recycled.year,
        recycled.obs_value + exported.obs_value - imported.obs_value as obs_value,
        recycled.unit_measure,
        recycled.obs_status,
        recycled.obs_status_raw,
        case
            when recycled.conf_status <> 'F' then recycled.conf_status
            when exported.conf_status <> 'F' then exported.conf_status
            else coalesce(imported.conf_status, 'F')
        end as conf_status,
        recycled.nature,
        recycled.is_zero_ambiguous,
        recycled.comment_obs,
        {{ joined_provenance('recycled', ['exported', 'imported']) }}
    from recycled
    left join exported on recycled.ref_area = exported.ref_area and recycled.time_period = exported.time_period
    left join imported on recycled.ref_area = imported.ref_area and recycled.time_period = imported.time_period
),

derived as (
    {{ derived_values('select * from corrected', 'select * from generated', 100, '%',
        'Derived: municipal waste recycled plus exports minus imports over generated', with_parts=true) }}
)

select
    {{ indicator_columns('w07_trade', 'derived', numerator='derived.numerator', denominator='derived.denominator',
        reason='derived.null_reason') }}
from derived
