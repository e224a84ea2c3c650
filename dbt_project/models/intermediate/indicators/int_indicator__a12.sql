-- A12, consumption footprint as one weighted score, in multiples of the planetary boundary, as published.
{{ published_series('a12', 'CEI_GSR010',
    where=dimension('cons_fp') ~ " = 'SWS' and " ~ dimension('unit') ~ " = 'PB'") }}
