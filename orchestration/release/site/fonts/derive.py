"""Derive the site's fonts from the TTF files of the package `source-sans` 3.52.0.

What belongs here: which characters and features are kept, and the new name of the family.
What does not: where the fonts are used (charts.py, the style sheets).

    python -m orchestration.release.site.fonts.derive FOLDER

FOLDER holds `SourceSans3-Regular.ttf` and `SourceSans3-Semibold.ttf` of that package (folder `TTF/`). They
are refused unless their hashes are the ones below. The licence reserves the name "Source" for unmodified
fonts, so the reduced family has a name of its own.
"""

import hashlib
import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

from orchestration.release.site.fonts import FAMILY

SOURCES = {
    "Regular": "4644c81b86ec9caaa76b634889968ed3c4f4f52f054855933acc7c2b21e53b0f",
    "Semibold": "a3f4f8dcf343a8f24dc61951de93f3ba1558b15cd250ba24af8a40e957081b7d",
}
#: Latin of every European alphabet, Cyrillic of the member States.
RANGES = (
    (0x20, 0x7E),
    (0xA0, 0x17F),
    (0x218, 0x21B),
    (0x400, 0x45F),
    (0x490, 0x493),
    (0x49A, 0x49B),
    (0x4A2, 0x4A3),
)
SIGNS = "əƏӘәҮүҰұҺһӨөȘșȚț‐‑–—‘’‚“”„•…‰′″‹›\u2009\u202f−×≈≠≤≥€№₂²³←↑→↓↗↘■□●○◆▲△▼▽✓✗"
#: Shaping and the letters a language asks for; figures are of one width without a feature.
FEATURES = ["kern", "mark", "mkmk", "ccmp", "locl", "liga", "pnum", "sups", "subs"]
SIZE_LIMIT = 60_000  # bytes of one woff2 file


def characters() -> set[int]:
    """The code points kept."""
    letters = {point for first, last in RANGES for point in range(first, last + 1)}
    return letters | {ord(sign) for sign in SIGNS}


def reduced(source: Path, weight: str) -> TTFont:
    """The source font with the kept characters only, renamed. ValueError when it is another file."""
    if hashlib.sha256(source.read_bytes()).hexdigest() != SOURCES[weight]:
        raise ValueError(f"{source.name} is not the file of source-sans 3.52.0")
    font = TTFont(source, recalcTimestamp=False)
    options = subset.Options(layout_features=FEATURES, name_IDs=[0, 5, 13, 14], hinting=False)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=characters())
    subsetter.subset(font)
    _rename(font, weight)
    return font


def _rename(font: TTFont, weight: str) -> None:
    post_script = f"{FAMILY.replace(' ', '')}-{weight}"
    names = {
        1: FAMILY if weight == "Regular" else f"{FAMILY} {weight}",
        2: "Regular",
        3: f"3.052;{post_script}",
        4: f"{FAMILY} {weight}",
        6: post_script,
        16: FAMILY,
        17: weight,
    }
    table = font["name"]
    for identifier, text in names.items():
        table.removeNames(nameID=identifier)
        table.setName(text, identifier, 3, 1, 0x409)


def main(folder: Path) -> None:
    """Write the TTF files (charts, PDF) beside this module and the woff2 files (site) to `static/fonts`."""
    here = Path(__file__).parent
    for weight in SOURCES:
        font = reduced(folder / f"SourceSans3-{weight}.ttf", weight)
        font.save(here / f"CircularitySans-{weight}.ttf")
        font.flavor = "woff2"
        web = here.parent / "static" / "fonts" / f"CircularitySans-{weight}.woff2"
        font.save(web)
        if web.stat().st_size > SIZE_LIMIT:
            raise ValueError(f"{web.name} is larger than {SIZE_LIMIT} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
