-- W04, municipal waste generated, tonnes, as published.
{{ published_series('w04', 'EN_MWT_GENV', own_numerator=true) }}
