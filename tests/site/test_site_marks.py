"""The mark of invented data: each of its places in each file of the site is emptied, and each is missed."""

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from shutil import copytree

import pikepdf
import pyarrow as pa
import pytest

from orchestration.release.findings import Content
from orchestration.release.mark_check import check_marks, is_illustrative
from orchestration.release.marks import MARK_BY_LANGUAGE
from orchestration.release.site_check.marks import STYLE, has_mark, missing_in_style, missing_in_svg
from orchestration.release.site_check.pdf_rules import read_pdf
from orchestration.release.site_check.reading import read_page

LANGUAGES = tuple(MARK_BY_LANGUAGE)
DRAWINGS = re.compile(r'<div class="drawing".*?</div>|<svg class="spark".*?</svg>', re.S)


def places(text: str, mark: str) -> Iterator[tuple[str, int]]:
    """What each occurrence of the mark in a page is, and where it begins; each is one place."""
    banner = re.search(r'<div class="mark" role="note">.*?</div>', text, re.S)
    drawings = [found.span() for found in DRAWINGS.finditer(text)]
    for found in re.finditer(re.escape(mark), text):
        at = found.start()
        if text[:at].endswith('data-mark="'):
            yield "print background", at
        elif text[at:].startswith(f"{mark}</title>\n"):
            yield "title", at
        elif banner is not None and banner.start() <= at < banner.end():
            yield "banner", at
        elif any(start <= at < end for start, end in drawings):
            yield (
                "title of a small drawing"
                if text[at:].startswith(f"{mark}</title>")
                else "text of a drawing",
                at,
            )
        else:
            yield "nowhere", at


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_place_of_every_page_counts(built: Path, language: str) -> None:
    mark = MARK_BY_LANGUAGE[language]
    seen = {
        "title": 0,
        "banner": 0,
        "print background": 0,
        "text of a drawing": 0,
        "title of a small drawing": 0,
    }
    for path in sorted((built / language).rglob("*.html")):
        text, name = path.read_text("utf-8"), path.relative_to(built).as_posix()
        assert read_page(text.encode(), name).unmarked is None
        for place, at in places(text, mark):
            emptied = text[:at] + "plain" + text[at + len(mark) :]
            assert read_page(emptied.encode(), name).unmarked == place, f"{name} {place}"
            seen[place] += 1
    pages = len(list((built / language).rglob("*.html")))
    assert seen["title"] == seen["banner"] == seen["print background"] == pages
    assert seen["text of a drawing"] > 10 and seen["title of a small drawing"] > 5


def test_every_drawing_of_a_page_has_a_place(built: Path) -> None:
    """A drawing in which nothing was found to empty would be a drawing without the mark."""
    for path in sorted(built.rglob("*.html")):
        text = path.read_text("utf-8")
        marks = [mark for mark in LANGUAGES if path.relative_to(built).parts[0] == mark]
        found = DRAWINGS.findall(text)
        assert text.count("<svg") <= sum(drawing.count("<svg") for drawing in found), path.name
        assert all(MARK_BY_LANGUAGE[mark] in drawing for mark in marks for drawing in found), path.name


def test_each_line_and_place_of_the_choice_of_languages_counts(built: Path) -> None:
    text = (built / "index.html").read_text("utf-8")
    assert read_page(text.encode(), "index.html").unmarked is None
    english = MARK_BY_LANGUAGE["en"]
    emptied = {
        *(("banner", f">{mark}</p>") for mark in MARK_BY_LANGUAGE.values()),
        ("title", f"{english}</title>"),
        ("print background", f'data-mark="{english}"'),
        ("print background", 'class="illustrative"'),
    }
    for place, old in emptied:
        assert text.count(old) == 1
        found = read_page(
            text.replace(old, old.replace(english, "x").replace("illustrative", "y")).encode(), "index.html"
        )
        if old.startswith(">"):
            found = read_page(text.replace(old, "></p>").encode(), "index.html")
        assert found.unmarked == place, old


def test_a_hidden_banner_is_none(built: Path) -> None:
    text = (built / "en" / "index.html").read_text("utf-8")
    hidden = text.replace('<div class="mark" role="note">', '<div class="mark" role="note" hidden>')
    assert read_page(hidden.encode(), "en/index.html").unmarked == "banner"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (".illustrative::before", ".other::before"),
        ("content: attr(data-mark)", 'content: ""'),
        ("@media print", "@media screen"),
        ("position: fixed; top: 45%", "position: fixed; display: none; top: 45%"),
    ],
)
def test_the_style_prints_the_mark_behind_each_page(built: Path, tmp_path: Path, old: str, new: str) -> None:
    style = (built / STYLE).read_text("utf-8")
    assert missing_in_style(built / STYLE) is None
    assert old in style
    (tmp_path / "site.css").write_text(style.replace(old, new), encoding="utf-8")
    assert missing_in_style(tmp_path / "site.css") == "print background"


@pytest.mark.parametrize("language", LANGUAGES)
def test_title_and_every_page_of_the_pdf_count(built: Path, tmp_path: Path, language: str) -> None:
    source = built / f"ILLUSTRATIVE_progress_{language}.pdf"
    whole = read_pdf(source, language)
    assert whole.unmarked is None
    for number in range(len(whole.text.pages)):
        with pikepdf.open(source) as document:
            page = document.pages[number]
            page.Contents = document.make_stream(b"")
            document.save(tmp_path / "emptied.pdf")
        assert read_pdf(tmp_path / "emptied.pdf", language).unmarked == f"page {number + 1}"
    with pikepdf.open(source) as document:
        with document.open_metadata() as metadata:
            metadata["dc:title"] = "plain"
        document.save(tmp_path / "emptied.pdf")
    assert read_pdf(tmp_path / "emptied.pdf", language).unmarked == "title"


def test_every_file_to_take_away_counts(
    built: Path, invented: Mapping[str, pa.Table], tmp_path: Path
) -> None:
    """All names lose their prefix and all contents their mark: each file is named, and none is forgotten."""
    bundle = Path(copytree(built.parent, tmp_path / "bundle", copy_function=os.link))
    for path in (path for path in bundle.iterdir() if path.is_file()):
        path.unlink()  # what stands for the bundle's other files has no format
    site, wanted = bundle / "site", set()
    for number, path in enumerate(sorted(site.rglob("ILLUSTRATIVE_*"))):
        name = path.relative_to(bundle).as_posix()
        if path.suffix in (".svg", ".csv") and number % 2:
            text = path.read_text("utf-8")
            path.unlink()
            for mark in (*MARK_BY_LANGUAGE.values(), ",true"):
                text = text.replace(mark, ",false" if mark == ",true" else "plain")
            path.write_text(text, encoding="utf-8")
        else:
            path.rename(path.with_name(path.name.removeprefix("ILLUSTRATIVE_")))
        wanted.add(name)
    assert {Path(name).suffix for name in wanted} >= {".svg", ".csv", ".pdf"}
    content = Content(bundle, {}, {}, True)
    found = {finding.file for finding in check_marks(content) if finding.file.startswith("site/")}
    assert found == wanted


def test_an_emptied_drawing_is_found(built: Path, tmp_path: Path) -> None:
    source = next(iter(sorted((built / "fr").rglob("*.svg"))))
    mark = MARK_BY_LANGUAGE["fr"]
    assert missing_in_svg(mark, source) is None
    (tmp_path / "x.svg").write_text(source.read_text("utf-8").replace(mark, "plain"), encoding="utf-8")
    assert missing_in_svg(mark, tmp_path / "x.svg") == "text of the drawing"


def test_one_page_makes_a_bundle_illustrative(built: Path, tmp_path: Path) -> None:
    page = tmp_path / "site" / "ru" / "calendar.html"
    page.parent.mkdir(parents=True)
    page.write_bytes((built / "ru" / "calendar.html").read_bytes())
    assert has_mark(page) and is_illustrative(tmp_path)
    page.write_text("<p>real</p>", encoding="utf-8")
    assert not has_mark(page) and not is_illustrative(tmp_path)
