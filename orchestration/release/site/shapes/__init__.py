"""The shapes of the maps: two TopoJSON files, and the script that derives them from a published package.

What belongs here: reading, merging and reducing shapes. What does not: drawing them (maps.py).
"""
