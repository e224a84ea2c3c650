-- A04, domestic material consumption by material, tonnes, as published: one breakdown a main material group. The
-- total is A01.
{{ published_series('a04', 'EN_MAT_DOMCMPT', where=dimension('Type of product') ~ " in ('BIM', 'FOF', 'MEO', 'NMM')",
    breakdown=dimension('Type of product'), own_numerator=true) }}
