"""Judging the finished site inside a bundle, as `candidate`, `publish` and `verify` do.

What belongs here: reading the files below site/ once, and one module for each question about them. What does
not: making the site (orchestration/release/site), what only a browser can judge (tests/browser).
"""
