"""How wide words are in the letters of the drawings, and labels cut to the width they have.

What belongs here: widths from the font's own metrics. What does not: which words a chart shows.

The renderer could cut labels itself, but it measures every label many times over: half the time of a drawing.
"""

import json
from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import Any

from fontTools.ttLib import TTFont

FONT = "CircularitySans-Regular.ttf"
DOTS = "…"


def label_cut(names: Iterable[str], most: float, size: float) -> dict[str, str]:
    """What an axis is told so that no label is wider than `most` units at letters of `size`."""
    cut = {name: short for name in names if (short := shortened(name, most, size)) != name}
    if not cut:
        return {}
    return {"labelExpr": f"({json.dumps(cut, ensure_ascii=False)})[datum.label] || datum.label"}


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
