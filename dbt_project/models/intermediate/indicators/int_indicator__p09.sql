-- P09, fossil-fuel subsidies as a share of GDP, per cent: 100 * subsidies / GDP, both in current United States dollars
-- (methodology 2). The published share is a comparator only: its unit is not the same for all countries. A published
-- zero may mean missing.
with subsidies as ({{ series_values('ER_FFS_CMPT_CD') }}),

gdp as ({{ series_values('NY.GDP.MKTP.CD') }}),

share as (
    select
        subsidies.ref_area,
        subsidies.area_kind,
        subsidies.time_period,
        subsidies.year,
        100 * subsidies.obs_value / nullif(gdp.obs_value, 0) as obs_value,
        '%' as unit_measure,
        subsidies.obs_status,
        subsidies.obs_status_raw,
        subsidies.conf_status,
        subsidies.nature,
        subsidies.comment_obs,
        case when gdp.source is null then subsidies.source else subsidies.source || ';' || gdp.source end as source,
        case when gdp.source is null then subsidies.vintage else subsidies.vintage || ';' || gdp.vintage end as vintage,
        case
            when gdp.source is null then subsidies.snapshot_sha256
            else subsidies.snapshot_sha256 || ';' || gdp.snapshot_sha256
        end as snapshot_sha256,
        subsidies.obs_value as subsidy,
        gdp.obs_value as gdp
    from subsidies
    left join gdp on subsidies.ref_area = gdp.ref_area and subsidies.time_period = gdp.time_period
)

select
    {{ indicator_columns('p09', 'share', numerator='100 * share.subsidy', denominator='share.gdp',
        zero_ambiguous='coalesce(share.subsidy = 0, false)',
        reason="case
            when share.conf_status <> 'F' then 'CONFIDENTIAL'
            when share.obs_value is not null then null
            when share.subsidy is null then 'NOT_REPORTED'
            when share.gdp = 0 then 'ZERO_DENOMINATOR'
            else 'NO_DENOMINATOR'
        end") }}
from share
