-- P01, policy instruments for sustainable consumption and production, number, as published (SDG 12.1.1, UNEP): the
-- total of the survey round and, as breakdowns, the instruments by type. Rounds are never added up. A published zero
-- may mean missing.
{{ published_values('p01', series_values('SG_SCP_TOTLN') ~ ' union all ' ~ series_values('SG_SCP_POLINS'),
    breakdown="coalesce(" ~ dimension('Policy instruments') ~ ", '_T')", own_numerator=true) }}
