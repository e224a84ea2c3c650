-- Every country, region and group the providers name, with the codes by which each provider names it.
select
    areas.ref_area,
    areas.area_kind,
    areas.name_en,
    areas.m49,
    countries.ref_area is not null as is_member,
    max(case when codes.code_list = 'm49' then codes.code end) as unsd_code,
    max(case when codes.code_list = 'eurostat_geo' then codes.code end) as eurostat_geo,
    max(case when codes.code_list = 'world_bank' then codes.code end) as world_bank_code,
    max(case when codes.code_list = 'oecd' then codes.code end) as oecd_code,
    max(case when codes.code_list = 'comtrade_reporter' then codes.code end) as comtrade_reporter,
    {{ join_text("case when codes.code_list = 'comtrade_partner' then codes.code end") }} as comtrade_partner
from {{ ref('areas') }} as areas
left join {{ ref('countries') }} as countries on areas.ref_area = countries.ref_area
left join {{ ref('area_codes') }} as codes on areas.ref_area = codes.ref_area
group by areas.ref_area, areas.area_kind, areas.name_en, areas.m49, countries.ref_area
