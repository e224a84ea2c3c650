-- A06, material footprint per person, tonnes, as published: Eurostat's raw material consumption for its reporting
-- area and, beside it, the World row of the SDG database, which rests on another model. No total is published with
-- the rate, so that the regional value weighs it by population.
{{ published_rate('a06',
    series_values('CEI_PC020', dimension('indic_env') ~ " = 'RMC' and " ~ dimension('material') ~ " = 'TOTAL'")
        ~ ' union all '
        ~ series_values('EN_MAT_FTPRPC', "ref_area = 'WORLD' and " ~ dimension('Type of product') ~ " = 'ALP'"),
    denominator=part_values('SP.POP.TOTL')) }}
