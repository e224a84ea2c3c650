-- A08_I00, resource productivity as an index, 2000 = 100, as published: for trends only, where A08 itself is not
-- published. An index has no parts and no regional value.
{{ published_series('a08_i00', 'CEI_PC030', where=dimension('unit') ~ " = 'I00'") }}
