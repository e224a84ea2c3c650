-- The 56 member States: codes, names in three languages, and the groups they belong to at the end of the reference
-- year. Memberships with their dates stand in dim_country_group.
with current_groups as (
    select ref_area, group_code
    from {{ ref('dim_country_group') }}
    where is_current
)

select
    countries.ref_area,
    countries.iso2,
    countries.m49,
    countries.name_en,
    countries.name_fr,
    countries.name_ru,
    countries.eurostat_geo,
    countries.comtrade_reporter,
    countries.comtrade_partner,
    countries.worldbank_code,
    countries.wb_income_level,
    countries.m49_subregion,
    countries.unece_subgroup,
    cast(countries.unece_member_since as date) as unece_member_since,
    countries.trade_reported_within,
    {% for column, code in {
        'is_eu27': 'EU27', 'is_efta': 'EFTA', 'is_eea': 'EEA', 'is_oecd': 'OECD',
        'is_western_balkans': 'WESTERN_BALKANS', 'is_caucasus': 'CAUCASUS', 'is_central_asia': 'CENTRAL_ASIA',
        'is_eecca': 'EECCA', 'is_eaeu': 'EAEU', 'is_speca': 'SPECA', 'is_lldc': 'LLDC',
        'is_programme_country': 'PROGRAMME', 'is_gacere': 'GACERE'}.items() %}
    exists(
        select 1 from current_groups
        where current_groups.ref_area = countries.ref_area and current_groups.group_code = '{{ code }}'
    ) as {{ column }},
    {% endfor %}
    countries.code_note
from {{ ref('countries') }} as countries
