-- A05, material footprint of the world, tonnes, as published. Countries have no row in this series.
{{ published_series('a05', 'EN_MAT_FTPRTN',
    where="ref_area = 'WORLD' and " ~ dimension('Type of product') ~ " = 'ALP'") }}
