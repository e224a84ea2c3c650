-- A02, domestic material consumption per person, tonnes, as published. Its regional value is tonnes over population.
{{ published_rate('a02', material_values('EN_MAT_DOMCMPC'), numerator=material_values('EN_MAT_DOMCMPT'),
    denominator=series_values('SP.POP.TOTL')) }}
