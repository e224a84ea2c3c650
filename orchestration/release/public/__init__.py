"""What a web server shows beside the frozen bundles: notices, latest, feeds, calendar; all made from records.

What belongs here: turning the records of publication into public files. What does not: the bundles and their
site, which nobody rewrites; the records themselves (standing.py).
"""
