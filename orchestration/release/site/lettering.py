"""How wide words are in the letters of the drawings, and labels cut to the width they have.

What belongs here: widths from the font's own metrics. What does not: which words a chart shows.

The renderer could cut labels itself, but it opens the font four times for each letter that it measures: half
the time of a drawing with the names of 56 countries. So it is given stand-ins of two or three letters.
"""

from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import Any

from fontTools.ttLib import TTFont

FONT = "CircularitySans-Regular.ttf"
DOTS = "…"


def stand_ins(names: Iterable[str], most: float, size: float) -> dict[str, str]:
    """By stand-in, in their order, the labels of an axis: no wider than `most` units at letters of `size`.

    The data of a specification name the stand-in, its `usermeta.labels` this mapping (drawing.rendered).
    """
    return {f"@{place}": shortened(name, most, size) for place, name in enumerate(names)}


def shortened(text: str, most: float, size: float) -> str:
    """`text`, or as much of it as fits with three dots after it."""
    if text_width(text, size) <= most:
        return text
    kept = text
    while kept and text_width(kept + DOTS, size) > most:
        kept = kept[:-1]
    return kept.rstrip() + DOTS


def text_width(text: str, size: float) -> float:
    """The width of `text` in letters of `size`, in the same unit, without kerning."""
    glyphs, advances, unit = _metrics()
    return sum(advances[glyphs.get(ord(letter), ".notdef")][0] for letter in text) * size / unit


@cache
def _metrics() -> tuple[dict[int, str], Any, int]:
    """Glyph by character, advance by glyph, and the units of the font to one em."""
    with resources.as_file(resources.files("orchestration.release") / "site" / "fonts" / FONT) as path:
        font = TTFont(path)
    return font.getBestCmap(), dict(font["hmtx"].metrics), font["head"].unitsPerEm
