"""Bytes in, observations out: fetching, storing and reading what official statistical APIs serve.

What belongs here: the declarations of data sets, the HTTP boundary, the write-once store, the parsers of the
wire formats, the canonical observation table, the illustrative sample.
What does not: harmonising areas or units, indicators, any judgement about publication, Dagster.
"""
