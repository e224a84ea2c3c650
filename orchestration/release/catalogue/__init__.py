"""A release for data portals: its entry in a catalogue after DCAT-AP 3.0.1, and the check of it.

What belongs here: catalog.jsonld, the shapes it is checked by. What does not: datapackage.json, which it is
made from.
"""
