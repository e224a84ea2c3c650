-- A07, material footprint of the world per unit of GDP, kg per United States dollar of 2015, as published. Countries
-- have no row in this series.
{{ published_series('a07', 'EN_MAT_FTPRPG',
    where="ref_area = 'WORLD' and " ~ dimension('Type of product') ~ " = 'ALP'") }}
