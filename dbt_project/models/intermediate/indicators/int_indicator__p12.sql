-- P12, share of green public procurement and of small suppliers in it: no source is connected (see slot_reason in the
-- meta).
{{ empty_indicator('p12') }}
