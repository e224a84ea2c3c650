"""The columns of the PDF are fixed in its style: every word that may stand in one has to fit.

What belongs here: words of the site's texts against the widths of pdf.css. What does not: the finished file
(test_pdf.py).
"""

import re
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import pytest
import yaml

from orchestration.release.site.lettering import text_width
from orchestration.release.site.texts import Texts, load_texts

STYLE = (resources.files("orchestration.release") / "site" / "static" / "pdf.css").read_text(encoding="utf-8")
MODELS = Path(__file__).parents[2] / "dbt_project" / "models" / "intermediate" / "indicators"
POINTS_PER_MM = 72 / 25.4
GAP = 2.0
"""Millimetres that a cell leaves free on its left."""
SEMIBOLD = 1.05
"""How much wider than the measured letters those of a head are at most."""
METHODS = ("m1", "m2", "m3", "m4")
COUNTS = {"method": 4}
VALUES = {
    "en": ("1,234,567.8", "0.0001", "100%", "56 of 56"),
    "fr": ("1\u202f234\u202f567,8", "0,0001", "100\u202f%", "56 sur 56"),
    "ru": ("1\u00a0234\u00a0567,8", "0,0001", "100\u00a0%", "56 из 56"),
}
"""The longest number, share and pair of counts: amounts from ten million on are printed in millions."""


def widths(style: str) -> dict[str, float]:
    """The width of every column by its class, in millimetres."""
    found = re.findall(r"^([^{}\n]+) \{ width: (\d+)mm; \}$", style, re.M)
    return {one.removeprefix("."): float(width) for names, width in found for one in names.split(", ")}


def titles(language: str) -> list[str]:
    """The title of every indicator that is declared, whether the sample has it or not."""
    files = sorted(MODELS.glob("int_indicator__*.yml"))
    declared = [model for path in files for model in yaml.safe_load(path.read_text("utf-8"))["models"]]
    return [model["config"]["meta"][f"title_{language}"] for model in declared]


def printed(language: str) -> Iterator[tuple[str, str, float]]:
    """Column, unbreakable piece of text and size of its letters in points."""
    texts = Texts(language, load_texts())
    for key in load_texts():
        if key.startswith("status."):
            yield from (("method", f"◆ {word}", 8.5) for word in texts.plain(key).split(" "))
        elif key.startswith("short_reason."):
            words = texts.plain(key).split(" ")
            yield from ((column, word, 7.5) for word in words for column in ("method", "latest"))
        elif key.startswith("base.flag."):
            yield from (("latest", word, 7.5) for word in texts.plain(key).split(" "))
        elif key.startswith(("unit.", "breakdown.")):
            yield from (("indicator", word, 8.5) for word in texts.plain(key).split(" "))
    yield from (("indicator", word, 8.5) for title in titles(language) for word in title.split(" "))
    yield from (("target", word, 7.5) for word in f"[{texts.plain('base.unverified')}]".split(" "))
    for column in ("indicator", "latest", "agreement", "base", "target", "countries"):
        yield from (
            (column, word, 7.5 * SEMIBOLD) for word in texts.plain(f"base.column.{column}").split(" ")
        )
    for method in METHODS:
        yield "method", texts.plain(f"base.column.{method}"), 7.5 * SEMIBOLD
    number, least, share, pair = VALUES[language]
    yield from ((column, text, 8.5) for column in ("latest", "base", "target") for text in (number, least))
    yield from (("agreement", share, 8.5), ("countries", pair, 8.5))


def too_wide(language: str, style: str) -> list[tuple[str, str]]:
    """Every piece with its column that is wider than the column's room."""
    room = {column: (width - GAP) * POINTS_PER_MM for column, width in widths(style).items()}
    return [
        (column, text) for column, text, size in printed(language) if text_width(text, size) > room[column]
    ]


@pytest.mark.parametrize("language", ["en", "fr", "ru"])
def test_every_word_fits_its_column(language: str) -> None:
    assert too_wide(language, STYLE) == []


@pytest.mark.parametrize(("column", "width", "less"), [("method", 26, 20), ("indicator", 62, 20)])
def test_a_column_made_narrower_is_found(column: str, width: int, less: int) -> None:
    narrow = STYLE.replace(f".{column} {{ width: {width}mm; }}", f".{column} {{ width: {less}mm; }}")
    assert narrow != STYLE
    assert {found for found, _ in too_wide("ru", narrow)} == {column}


def test_the_columns_fill_the_page() -> None:
    """A4 is 297 mm across, with margins of 14 mm."""
    total = sum(width * COUNTS.get(column, 1) for column, width in widths(STYLE).items() if column != "table")
    assert total == 297 - 2 * 14
    assert "size: A4 landscape; margin: 16mm 14mm 17mm;" in STYLE and "width: 269mm;" in STYLE
