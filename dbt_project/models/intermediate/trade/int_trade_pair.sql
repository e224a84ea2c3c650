-- The two sides of one trade flow between member States: what the exporter says against what the importer says, one row
-- a country, its role, the other country, year and product, so that each flow stands once with either side. Mirror gap
-- = |X - M| / max(X, M), on weight where both give one, else on value with the import, which holds insurance and
-- freight, divided by the CIF/FOB factor; null where a side is missing or both are zero (methodology 3.10).
with exports as (
    select ref_area as exporter, partner as importer, year, hs_code, weight_tonnes, value_usd
    from {{ ref('int_trade_flow') }}
    where flow = 'X' and partner_kind = 'member'
),

imports as (
    select partner as exporter, ref_area as importer, year, hs_code, weight_tonnes, value_usd
    from {{ ref('int_trade_flow') }}
    where flow = 'M' and partner_kind = 'member'
),

joined as (
    select
        coalesce(exports.exporter, imports.exporter) as exporter,
        coalesce(exports.importer, imports.importer) as importer,
        coalesce(exports.year, imports.year) as year,
        coalesce(exports.hs_code, imports.hs_code) as hs_code,
        case
            when exports.weight_tonnes is not null and imports.weight_tonnes is not null then 'weight'
            when exports.value_usd is not null and imports.value_usd is not null then 'value'
        end as basis,
        exports.weight_tonnes as export_tonnes,
        imports.weight_tonnes as import_tonnes,
        exports.value_usd as export_usd,
        imports.value_usd / {{ parameter('cif_fob_factor') }} as import_usd
    from exports
    full outer join imports
        on exports.exporter = imports.exporter and exports.importer = imports.importer
        and exports.year = imports.year and exports.hs_code = imports.hs_code
),

sides as (
    select
        *,
        case basis when 'weight' then export_tonnes when 'value' then export_usd end as exporter_says,
        case basis when 'weight' then import_tonnes when 'value' then import_usd end as importer_says
    from joined
),

gaps as (
    select
        *,
        abs(exporter_says - importer_says) / nullif(greatest(exporter_says, importer_says), 0) as mirror_gap,
        case
            when basis is null then 'NOT_REPORTED'
            when exporter_says = 0 and importer_says = 0 then 'ZERO_DENOMINATOR'
        end as null_reason
    from sides
)

select exporter as ref_area, 'exporter' as role, importer as partner, year, hs_code, basis, mirror_gap, null_reason
from gaps
union all
select importer, 'importer', exporter, year, hs_code, basis, mirror_gap, null_reason
from gaps
