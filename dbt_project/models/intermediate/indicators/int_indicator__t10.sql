-- T10, trade facilitation measures implemented: no source is connected (see slot_reason in the meta).
{{ empty_indicator('t10') }}
