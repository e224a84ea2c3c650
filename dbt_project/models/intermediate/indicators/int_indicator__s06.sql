-- S06, micro, small and medium-sized enterprises in circular activities: no source is connected (see slot_reason in
-- the meta).
{{ empty_indicator('s06') }}
