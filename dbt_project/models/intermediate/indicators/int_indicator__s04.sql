-- S04, patents on recycling and secondary raw materials per million inhabitants, as published by Eurostat (cei_cie020).
-- The regional value is 1000000 * patents / population. Zero is a value.
{% set patents = dimension('cpatc') ~ " = 'Y02W' and " ~ dimension('unit') %}
{{ published_rate('s04', series_values('CEI_CIE020', patents ~ " = 'P_MHAB'"), factor=1000000,
    numerator=part_values('CEI_CIE020', patents ~ " = 'NR'"), denominator=part_values('SP.POP.TOTL')) }}
