-- Materials: of the types of raw material only the total, ALP, enters the indicators.
{{ stage('unsd', 'sdg_12_2', where=dimension('Type of product') ~ " = 'ALP'") }}
