"""The two windows of every map and the files of their shapes.

What belongs here: what part of the globe a map shows, how large, from which file.
What does not: how it is drawn (maps.py).

Forty-five of the fifty-six member States lie in a tenth of the region's area. One scale cannot show them on a
phone, so a map has two panels: Europe and its neighbours large, the whole region beneath.
"""

from pathlib import Path

from orchestration.release.site.projection import Frame

WIDTH = 4000
"""Tenths of a drawing unit: whole numbers make short paths."""
DETAIL = Frame(longitude=17, latitude=51, x=(-0.38, 0.43), y=(-0.37, 0.34), width=WIDTH)
OVERVIEW = Frame(longitude=8, latitude=70, x=(-1.092, 0.84), y=(-1.0, 0.64), width=WIDTH)

FOLDER = Path(__file__).parent
FILES = {"detail": FOLDER / "detail.json", "overview": FOLDER / "overview.json"}
FRAMES = {"detail": DETAIL, "overview": OVERVIEW}
OBJECT = "areas"
LAND = "land"  # id of everything that is neither a member State nor the neutral area
NEUTRAL = (
    "neutral"  # id of Kosovo, drawn neutral: see the footnote that Security Council resolution 1244 asks
)
