-- T08, Logistics Performance Index, overall score from 1 to 5, as published by the World Bank. No weight exists.
{{ published_series('t08', 'LP.LPI.OVRL.XQ') }}
