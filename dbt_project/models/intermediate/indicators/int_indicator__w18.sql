-- W18, hazardous waste per person, kg, as published. Regional value: 1000 * tonnes over persons. A biennial series.
{{ published_rate('w18', series_values('EN_HAZ_PCAP'), factor=1000, numerator=part_values('EN_HAZ_GENV'),
    denominator=part_values('SP.POP.TOTL')) }}
