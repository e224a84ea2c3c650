"""The static site of a release: pages in three languages from the release's own tables.

What belongs here: pure functions from tables and facts to files – words, numbers, figures, pages.
What does not: any figure's computation (dbt_project/), the clock, the network, Dagster.
"""
