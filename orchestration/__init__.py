"""From a source's bytes to a signed release: the assets, the jobs and the command line.

What belongs here: Dagster definitions, settings, the command line, and (in `release`, free of Dagster) the
verbs of a release. What does not: parsing of sources (connectors), formulas (dbt_project), publication rules
(expectations).
"""
