-- W17, food loss, per cent of production, as published for regions. Countries have no row in this series.
{{ published_series('w17', 'AG_FLS_PCT', where="area_kind <> 'country'") }}
