"""The publication rules: suites as data, their evaluation over the release's Parquet files, the gate report.

What belongs here: rules, severities, waivers applied to them, the report.
What does not: formulas (dbt), file formats of the bundle, Dagster.
"""
