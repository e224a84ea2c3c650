"""The verbs and files of a release: plan, lock, build, check, candidate, sign-off, publish, verify, diff.

What belongs here: pure functions over directories, without Dagster.
What does not: fetching, formulas, the rules of the gate.
"""
