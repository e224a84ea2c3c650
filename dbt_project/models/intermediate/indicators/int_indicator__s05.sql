-- S05, expenditure on waste management as a share of GDP: no source is connected (see slot_reason in the meta).
{{ empty_indicator('s05') }}
