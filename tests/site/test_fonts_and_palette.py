"""The fonts hold every letter the site prints, and the colours keep their contrast."""

import hashlib
import re
from collections.abc import Mapping
from itertools import combinations
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from orchestration.release.marks import MARK_BY_LANGUAGE
from orchestration.release.site import fonts, palette
from orchestration.release.site.fonts import FAMILY
from orchestration.release.site.fonts.derive import SIZE_LIMIT, reduced
from orchestration.release.site.texts import load_texts
from tests.site.figure_tables import countries

FOLDER = Path(fonts.__file__).parent
WEB = FOLDER.parent / "static" / "fonts"
SITE = FOLDER.parent
COLOUR = re.compile(r"#[0-9a-fA-F]{6}\b")
FILES = [*sorted(FOLDER.glob("*.ttf")), *sorted(WEB.glob("*.woff2"))]


def printed() -> set[str]:
    texts = [str(entry) for entry in load_texts().values()]
    names = [row[f"name_{language}"] for row in countries() for language in ("en", "fr", "ru")]
    symbols = [*palette.STATUS_SYMBOL.values(), *MARK_BY_LANGUAGE.values(), "−\u202f\xa0–0123456789"]
    return set("".join([*texts, *names, *symbols]))


def test_there_are_two_weights_for_drawings_and_two_for_the_site() -> None:
    assert [path.suffix for path in FILES] == [".ttf", ".ttf", ".woff2", ".woff2"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_font_has_every_letter_of_the_site(path: Path) -> None:
    font = TTFont(path)
    assert font["name"].getDebugName(16) == FAMILY
    missing = {
        letter for letter in printed() if letter.isprintable() and ord(letter) not in font.getBestCmap()
    }
    assert missing == set()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_figures_are_of_one_width_and_the_name_is_not_the_reserved_one(path: Path) -> None:
    font = TTFont(path)
    assert len({font["hmtx"][font.getBestCmap()[ord(figure)]][0] for figure in "0123456789"}) == 1
    assert all(
        "Source" not in str(record) for record in font["name"].names if record.nameID in (1, 3, 4, 6, 16)
    )


def test_web_fonts_are_small_and_files_are_those_whose_hash_is_recorded() -> None:
    assert all(path.stat().st_size <= SIZE_LIMIT for path in WEB.glob("*.woff2"))
    lines = (FOLDER / "SHA256SUMS").read_text().splitlines()
    recorded = {(FOLDER / name).resolve(): digest for digest, name in (line.split("  ") for line in lines)}
    assert recorded == {path.resolve(): hashlib.sha256(path.read_bytes()).hexdigest() for path in FILES}


@pytest.mark.parametrize("folder", [FOLDER, WEB], ids=["drawings", "site"])
def test_licence_stands_beside_the_fonts(folder: Path) -> None:
    assert "SIL OPEN FONT LICENSE Version 1.1" in (folder / "OFL.txt").read_text()


def test_deriving_refuses_another_source() -> None:
    with pytest.raises(ValueError, match="not the file"):
        reduced(FOLDER / "CircularitySans-Regular.ttf", "Regular")


def channels(colour: str) -> list[float]:
    shares = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    return [share / 12.92 if share <= 0.03928 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]


def luminance(colour: str) -> float:
    red, green, blue = channels(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_status_colours_and_lines_stand_out_from_paper() -> None:
    assert all(contrast(colour, palette.PAPER) >= 3 for colour in palette.STATUS.values())
    assert all(
        contrast(colour, palette.PAPER) >= 4.5 for colour in (*palette.SERIES, palette.INK, palette.MUTED)
    )


def test_words_can_be_read_on_every_ground() -> None:
    words = (*palette.STATUS_TEXT.values(), palette.INK, palette.MUTED, palette.LINK)
    assert all(contrast(word, ground) >= 4.5 for word in words for ground in (palette.PAPER, palette.WASH))
    assert contrast(palette.STATUS_TEXT["red"], palette.MARK_GROUND) >= 4.5


def decided() -> set[str]:
    """Every colour of the palette."""
    values = [value for name, value in vars(palette).items() if name.isupper()]
    texts = [part for value in values for part in (value.values() if isinstance(value, Mapping) else [value])]
    flat = [part for text in texts for part in ([text] if isinstance(text, str) else text)]
    return {text for text in flat if COLOUR.fullmatch(text)}


STAND_IN = "#010203"
"""What drawing.py replaces by the hatch: nobody sees it."""


@pytest.mark.parametrize(
    "path",
    [*sorted(SITE.glob("static/*.*")), *sorted(SITE.rglob("*.py"))],
    ids=lambda path: path.relative_to(SITE).as_posix(),
)
def test_a_colour_is_decided_in_the_palette_alone(path: Path) -> None:
    found = set(COLOUR.findall(path.read_text(encoding="utf-8")))
    assert found <= decided() | {STAND_IN}


@pytest.mark.parametrize("colour", palette.STATUS_TEXT)
def test_verdicts_have_their_colour_on_pages_and_in_the_pdf(colour: str) -> None:
    pages, paper = ((SITE / "static" / name).read_text(encoding="utf-8") for name in ("site.css", "pdf.css"))
    assert re.findall(rf"--{colour}: ([^;]+);", pages) == [palette.STATUS_TEXT[colour]]
    named = re.findall(rf"\.{colour}\b[^{{]*\{{ color: ([^;]+);", paper)
    assert named == [palette.STATUS_TEXT[colour]]


#: Viénot, Brettel and Mollon (1999): what dichromats see, on linear RGB.
DICHROMATS = {
    "protan": ((0.11238, 0.88762, 0.0), (0.11238, 0.88762, 0.0), (0.00401, -0.00401, 1.0)),
    "deutan": ((0.29275, 0.70725, 0.0), (0.29275, 0.70725, 0.0), (-0.02234, 0.02234, 1.0)),
}


@pytest.mark.parametrize("used", [palette.STATUS, palette.STATUS_TEXT], ids=["areas", "letters"])
@pytest.mark.parametrize("vision", DICHROMATS)
def test_status_colours_differ_for_dichromats(vision: str, used: Mapping[str, str]) -> None:
    """Distance of the linear colours as seen; two greys one just tells apart are 0.02 apart here."""
    seen = {
        name: [sum(w * c for w, c in zip(row, channels(colour), strict=True)) for row in DICHROMATS[vision]]
        for name, colour in used.items()
    }
    for one, other in combinations(seen, 2):
        distance = sum((a - b) ** 2 for a, b in zip(seen[one], seen[other], strict=True)) ** 0.5
        assert distance > 0.1, (one, other)


def test_steps_grow_darker_and_symbols_differ() -> None:
    steps = [luminance(colour) for colour in palette.STEPS]
    assert steps == sorted(steps, reverse=True)
    assert all(contrast(a, b) >= 1.5 for a, b in zip(palette.STEPS, palette.STEPS[1:], strict=False))
    assert len(set(palette.STATUS_SYMBOL.values())) == len(palette.STATUS) == len(palette.STATUS_ORDER)
