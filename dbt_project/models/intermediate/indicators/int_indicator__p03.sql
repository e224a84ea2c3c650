-- P03, level of sustainable public procurement, 1 low to 4 high (SDG 12.7.1, UNEP). The source publishes the level as
-- a dimension that carries the value 1; no zero is reported, and one that came would be ambiguous. National governments
-- only: SG_SCP_PROCN_HS and SG_SCP_PROCN_LS are sub-national.
{% set level %}
    case {{ dimension('Level/Status') }}
        when 'LOWIMP' then 1 when 'MLOWIMP' then 2 when 'MHIGIMP' then 3 when 'HIGIMP' then 4
    end
{% endset %}
{{ published_values('p03', restated_values(series_values('SG_SCP_PROCN', "area_kind = 'country'"), 'level',
    value='obs_value * ' ~ level)) }}
