"""A release for SDMX tools: data flows as SDMX-CSV 2.0, and the structure which describes them.

What belongs here: which tables are flows, both formats, their check. What does not: the tables themselves.
"""
