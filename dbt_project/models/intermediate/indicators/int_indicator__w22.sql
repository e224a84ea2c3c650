-- W22, e-waste generated per person, kg, as published. Regional value: 1000 * tonnes over persons. In the newest
-- known vintage some countries are out by a power of ten; corrections and gate G1 withhold them.
{{ published_rate('w22', series_values('EN_EWT_GENPCAP'), factor=1000, numerator=part_values('EN_EWT_GENV'),
    denominator=part_values('SP.POP.TOTL')) }}
