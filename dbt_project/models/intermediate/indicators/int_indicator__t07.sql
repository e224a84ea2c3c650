-- T07, certified forest area as a share of forest area: certified / all forest, both in hectares (SDG 15.2.1, FAO).
{{ derived_rate('t07', series_values('AG_LND_FRSTCERT'), series_values('AG_LND_FRSTN'), 1, 'share',
    'Derived: certified forest area over forest area') }}
