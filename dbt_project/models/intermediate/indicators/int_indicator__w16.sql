-- W16, food waste of all sectors per person, kg, as published. No total is published with the rate, so that the
-- regional value weighs it by population.
{{ published_rate('w16', series_values('CEI_PC035', dimension('wst_oper') ~ " = 'COL' and " ~ dimension('nace_r2')
    ~ " = 'TOT' and " ~ dimension('waste') ~ " = 'W091_092_101_FD'"), denominator=part_values('SP.POP.TOTL')) }}
