"""The Dagster assets, one module a stage: snapshots, observations, warehouse, release."""
