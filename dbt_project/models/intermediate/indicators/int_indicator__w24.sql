-- W24, e-waste collected per person, kg, as published. Regional value: 1000 * tonnes over persons.
{{ published_rate('w24', series_values('EN_EWT_COLLPCAP'), factor=1000, numerator=part_values('EN_EWT_COLLV'),
    denominator=part_values('SP.POP.TOTL')) }}
