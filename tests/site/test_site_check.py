"""The finished site as the bundle's checks judge it: clean as it is made, and each seeded defect found."""

import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from shutil import copytree

import pikepdf
import pyarrow as pa
import pytest

from orchestration.release.findings import Content, Finding
from orchestration.release.schema import load_schemas
from orchestration.release.site.values import KEYS
from orchestration.release.site_check.expected import wanted_pages
from orchestration.release.site_check.links import check_links
from orchestration.release.site_check.numbers import check_site_numbers
from orchestration.release.site_check.pages import check_pages
from orchestration.release.site_check.pdf import check_pdf
from orchestration.release.site_check.reading import AGREEMENT
from orchestration.release.site_check.words import check_words
from tests.site import world

Check = Callable[[Content], Iterable[Finding]]
Edit = Callable[[Path], object]
CHECKS: tuple[Check, ...] = (check_pages, check_links, check_site_numbers, check_words, check_pdf)
UNECE = "fr/progress/unece.html"
INDICATOR = "ru/indicators/W07.html"
TRADE = "en/indicators/T05.html"
"""Its exports are printed in millions, its imports are not."""
PDF = "ILLUSTRATIVE_progress_en.pdf"


def content_of(folder: Path, tables: Mapping[str, pa.Table]) -> Content:
    return Content(folder, {name: table for name, table in tables.items() if name != "revisions"}, {}, True)


@pytest.fixture
def copy(built: Path, tmp_path: Path) -> Path:
    """The bundle's folder with its site; an edit puts a new file in the place of a linked one."""
    return Path(copytree(built.parent, tmp_path / "bundle", copy_function=os.link))


def put(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    path.write_text(text, encoding="utf-8")


def swap(file: str, old: str, new: str) -> Edit:
    def change(site: Path) -> None:
        text = (site / file).read_text("utf-8")
        assert old in text, old
        put(site / file, text.replace(old, new, 1))

    return change


def drop(file: str) -> Edit:
    return lambda site: (site / file).unlink()


def add(file: str, text: str = "x") -> Edit:
    return lambda site: put(site / file, text)


def _without_cell(column: str) -> Edit:
    """The progress table of the region loses a number in every language."""

    def change(site: Path) -> None:
        for language in ("en", "fr", "ru"):
            path = site / language / "progress" / "unece.html"
            text = path.read_text("utf-8")
            start = text.rindex("<data", 0, text.index(f"|{column}"))
            end = text.index("</data>", start) + len("</data>")
            put(path, text[:start] + text[end:])

    return change


def _other_count(file: str) -> Edit:
    """The first number without a cell becomes another one, consistently with its exact value."""

    def change(site: Path) -> None:
        text = (site / file).read_text("utf-8")
        put(site / file, re.sub(r'<data value="\d+">\d+</data>', '<data value="77">77</data>', text, count=1))

    return change


def _described(file: str) -> Edit:
    """The first value in the description of a figure is printed otherwise."""

    def change(site: Path) -> None:
        text = (site / file).read_text("utf-8")
        told = r'(<p class="figure-text"[^>]*>[^/]*?<data [^>]*>)[^<]+'
        changed, count = re.subn(told, r"\g<1>99.9", text, count=1)
        assert count
        put(site / file, changed)

    return change


def _trend(file: str, end: int) -> Edit:
    """The title of the first trend prints another first (0) or last (1) value, or nothing readable (2)."""

    def change(site: Path) -> None:
        text = (site / file).read_text("utf-8")
        svg, title, rest = re.split(r"(?<=<title>)([^<]+)(?=</title><polyline)", text, maxsplit=1)
        parts = re.split(r"(, (?=\S+ (?:in|en|в) ))", title, maxsplit=1)
        place = parts[2 * end] if end < 2 else title
        other = "x" if end == 2 else title.replace(place, re.sub(r"^\S+", "99.9", place))
        put(site / file, f"{svg}{other}{rest}")

    return change


def _printed_as(file: str, cell: str, shown: str) -> Edit:
    """The number of a cell is printed otherwise; its exact value stays."""

    def change(site: Path) -> None:
        text = (site / file).read_text("utf-8")
        changed, count = re.subn(rf'(data-cell="{re.escape(cell)}">)[^<]+', rf"\g<1>{shown}", text)
        assert count
        put(site / file, changed)

    return change


def _other_number(site: Path) -> None:
    """Every piece of text of a page stands in the place of the one before it."""
    with pikepdf.open(site / PDF) as document:
        page = document.pages[1]
        operations = list(pikepdf.parse_content_stream(page))
        places = [place for place, (_, operator) in enumerate(operations) if str(operator) == "TJ"]
        shown = [operations[place] for place in places]
        for place, operation in zip(places, shown[1:] + shown[:1], strict=True):
            operations[place] = operation
        page.Contents = document.make_stream(pikepdf.unparse_content_stream(operations))
        document.save(site / "changed")
    (site / "changed").replace(site / PDF)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_site_is_clean_as_it_is_made(built: Path, invented: Mapping[str, pa.Table], check: Check) -> None:
    assert [str(finding) for finding in check(content_of(built.parent, invented))] == []


DEFECTS: list[tuple[Check, Edit, str, str]] = [
    (check_pages, drop("en/countries/ALB.html"), "en/countries/ALB.html", "is missing."),
    (check_pages, drop("ru/embeds/map.html"), "ru/embeds/map.html", "is missing."),
    (check_pages, drop("static/table.js"), "static/table.js", "is missing."),
    (check_pages, drop("index.html"), "index.html", "is missing."),
    (check_pages, drop(PDF), PDF, "is missing."),
    (check_pages, add("en/more.html", "<p>"), "en/more.html", "does not belong to the site"),
    (check_pages, add("static/more.js"), "static/more.js", "does not belong to the site"),
    (check_pages, add("en/embeds/more.html", "<p>"), "en/embeds/more.html", "is reached by no link."),
    (check_pages, add("fr/embeds/more.html", "<p>"), "en/embeds/more.html", "though another language has it"),
    (
        check_pages,
        swap(UNECE, '<html lang="fr">', '<html lang="en">'),
        UNECE,
        "says that its language is en.",
    ),
    (check_pages, swap(UNECE, 'scope="row"', ""), UNECE, "a head of a table has no scope"),
    (check_links, swap(UNECE, 'href="../index.html"', 'href="../gone.html"'), UNECE, "links to ../gone.html"),
    (check_links, swap(UNECE, 'href="#content"', 'href="#gone"'), UNECE, "missing place #gone"),
    (
        check_links,
        swap(UNECE, 'href="../index.html"', 'href="https://example.org/"'),
        UNECE,
        "leads out of the",
    ),
    (check_links, swap(UNECE, 'href="../index.html"', 'href="//example.org/a"'), UNECE, "leads out of the"),
    (
        check_links,
        swap(UNECE, "../../static/table.js", "https://example.org/t.js"),
        UNECE,
        "leads out of the",
    ),
    (check_links, swap(UNECE, "</main>", '<img alt="" src="../../../../a.png"></main>'), UNECE, "not there"),
    (
        check_links,
        swap("en/data/index.html", "../../../gate.html", "../../../gate2.html"),
        "en/data/index.html",
        "gate2",
    ),
    (
        check_links,
        swap("static/site.css", 'url("fonts/', 'url("https://example.org/'),
        "static/site.css",
        "loads https",
    ),
    (
        check_links,
        swap("static/icon.svg", "<circle", '<image href="https://example.org/a.png"/><circle'),
        "static/icon.svg",
        "loads https",
    ),
    (check_links, add("static/site.css", "@import 'x.css';"), "static/site.css", "loads x.css"),
    (
        check_site_numbers,
        swap(UNECE, 'value="41.125"', 'value="41.1250001"'),
        UNECE,
        "where the table has 41.125",
    ),
    (check_site_numbers, swap(UNECE, ">41,1</data>", ">41,2</data>"), UNECE, "prints '41,2' for 41.125"),
    (check_site_numbers, swap(UNECE, ">41,1</data>", ">41.1</data>"), UNECE, "prints '41.1' for 41.125"),
    (check_site_numbers, swap(UNECE, ">41,1</data>", ">\u221241,1</data>"), UNECE, "for 41.125"),
    (
        check_site_numbers,
        swap(UNECE, "|UNECE,W07,_T|latest_value", "|UNECE,W99,_T|latest_value"),
        UNECE,
        "which no table has",
    ),
    (
        check_site_numbers,
        swap(INDICATOR, "rpt_observation|", "rpt_nothing|"),
        INDICATOR,
        "which no table has",
    ),
    (check_site_numbers, _without_cell("latest_value"), UNECE, "does not print rpt_regional_progress|UNECE"),
    (check_site_numbers, _without_cell("n_countries"), UNECE, "does not print rpt_regional_progress|UNECE"),
    (
        check_site_numbers,
        swap(INDICATOR, "<data value", "<b value"),
        INDICATOR,
        "numbers of the English page",
    ),
    *(
        (check_site_numbers, _trend(file, end), file, f"prints '{shown}' for")
        for file, end, shown in (
            ("en/countries/ALB.html", 0, "99.9"),
            ("fr/countries/AUT.html", 1, "99.9"),
            ("ru/countries/ALB.html", 2, "x"),
        )
    ),
    (check_site_numbers, _described("en/indicators/W07.html"), "en/indicators/W07.html", "prints '99.9' for"),
    *(
        (check_site_numbers, _other_count(file), file, "counts 77 where the tables give")
        for file in (
            *("en/index.html", "fr/progress/index.html", UNECE, "en/indicators/index.html"),
            *("fr/countries/index.html", "ru/countries/ALB.html", "ru/analysis/policies.html"),
        )
    ),
    *(
        (check_site_numbers, _printed_as(TRADE, f"rpt_observation|{cell}|obs_value", shown), TRADE, shown)
        for cell, shown in (("T05,EXP,FRA,2022", "261,500,000"), ("T05,IMP,ALB,2022", "0.000003"))
    ),
    (check_words, swap(UNECE, "Progrès par indicateur", "Progress by indicator"), UNECE, "says in English"),
    (
        check_words,
        swap(INDICATOR, "<h1>Municipal recycling rate (ru)", "<h1>Municipal recycling rate (en)"),
        INDICATOR,
        "says in English",
    ),
    (check_pdf, add(PDF), PDF, "cannot be read as PDF"),
    (check_pdf, _other_number, PDF, "where the page prints"),
]


@pytest.mark.parametrize("shown", ["", "7"])
def test_a_shortened_agreement_in_the_document_is_found(
    built: Path, invented: Mapping[str, pa.Table], shown: str
) -> None:
    """The page prints more in that cell than the document; the figure has to be whole all the same."""
    content = content_of(built.parent, invented)
    document = content.site.pdfs[PDF]
    row = next(row for row in document.text.rows if row[AGREEMENT] == "75%")
    short = tuple(shown if place == AGREEMENT else text for place, text in enumerate(row))
    rows = tuple(short if one is row else one for one in document.text.rows)
    text = replace(document.text, rows=rows)
    pdfs = {**content.site.pdfs, PDF: replace(document, text=text)}
    vars(content)["site"] = replace(content.site, pdfs=pdfs)
    (found,) = check_pdf(content)
    assert f"prints {shown!r} where the page prints '75%'" in found.sentence


@pytest.mark.parametrize(
    ("check", "edit", "file", "sentence"),
    DEFECTS,
    ids=[f"{check.__name__}-{number}" for number, (check, *_) in enumerate(DEFECTS)],
)
def test_a_seeded_defect_is_found(
    copy: Path, invented: Mapping[str, pa.Table], check: Check, edit: Edit, file: str, sentence: str
) -> None:
    edit(copy / "site")
    found = list(check(content_of(copy, invented)))
    assert any(one.file == f"site/{file}" and sentence in one.sentence for one in found), [
        str(f) for f in found
    ]


def test_a_release_without_the_tables_of_a_site_needs_none(tmp_path: Path) -> None:
    content = Content(tmp_path, {}, {}, True)
    assert [finding for check in CHECKS for finding in check(content)] == []


def test_a_number_names_its_cell_by_the_declared_key() -> None:
    schemas = load_schemas(world.PROJECT)
    declared = {name: schemas[name].primary_key for name in KEYS}
    assert {name: set(key) for name, key in KEYS.items()} == {
        name: set(key) for name, key in declared.items()
    }


def test_the_pages_wanted_are_those_that_are_made(built: Path, invented: Mapping[str, pa.Table]) -> None:
    """Figures to be framed come on top: they are wanted as far as a page leads to them."""
    made = {path.relative_to(built / "en").as_posix() for path in (built / "en").rglob("*.html")}
    framed = {slug for slug in made if slug.startswith("embeds/") and slug != "embeds/map.html"}
    assert wanted_pages(invented) == made - framed
