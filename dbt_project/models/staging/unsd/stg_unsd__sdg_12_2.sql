-- Materials: of the types of raw material the total, ALP, enters the indicators, and of consumption in tonnes its four
-- main parts.
{{ stage('unsd', 'sdg_12_2', where=dimension('Type of product') ~ " = 'ALP' or series = 'EN_MAT_DOMCMPT' and "
    ~ dimension('Type of product') ~ " in ('BIM', 'FOF', 'MEO', 'NMM')") }}
