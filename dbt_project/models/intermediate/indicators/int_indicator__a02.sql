-- A02, domestic material consumption per person, tonnes, as published. Its regional value is tonnes over population.
{{ published_rate('a02', series_values('EN_MAT_DOMCMPC', is_material()),
    numerator=part_values('EN_MAT_DOMCMPT', is_material()), denominator=part_values('SP.POP.TOTL')) }}
