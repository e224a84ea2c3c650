-- B02, renewable energy, per cent of final energy consumption, as published (SDG 7.2.1, IEA and UNSD). Consumption is
-- not published with it, so there is no weight: means and medians are shown as what they are, unweighted.
{{ published_series('b02', 'EG_FEC_RNEW') }}
