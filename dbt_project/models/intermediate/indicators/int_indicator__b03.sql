-- B03, installed capacity to generate electricity from renewable sources, all technologies, watts per person, as
-- published (SDG 12.a.1, IRENA). The regional value weighs the rates by population.
{{ published_rate('b03', series_values('EG_EGY_RNEW', dimension('Type of renewable technology') ~ " = 'ALL'"),
    denominator=part_values('SP.POP.TOTL')) }}
