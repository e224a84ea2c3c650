-- Population. Denominator of per-person rates; an entry of its own because it is not an indicator of circularity.
{{ published_series('pop', 'SP.POP.TOTL', own_numerator=true) }}
