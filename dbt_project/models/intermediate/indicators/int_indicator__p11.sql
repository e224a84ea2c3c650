-- P11, coverage of extended producer responsibility: no source is connected (see slot_reason in the meta).
{{ empty_indicator('p11') }}
