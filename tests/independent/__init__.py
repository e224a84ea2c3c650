"""A second implementation of the progress methods and of Tapio, for tests alone.

What belongs here: the formulas of the methodology (3.4 to 3.7) written from the text, in Python, by someone
who has not read the SQL; and the comparison of the two on whole tables. What does not: anything the product
imports.

Thresholds are written out here a second time, on purpose: who changes one changes it twice, and says so.
"""
