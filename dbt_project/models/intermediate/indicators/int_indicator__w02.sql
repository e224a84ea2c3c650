-- W02, total waste generated, tonnes, as published.
{{ published_series('w02', 'EN_TWT_GENV', own_numerator=true) }}
