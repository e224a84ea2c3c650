"""Every page of the invented release: sound, linked, marked, and with the very numbers of the tables."""

import re
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from lxml import html

from orchestration.release.marks import MARK_BY_LANGUAGE
from orchestration.release.site.build import collect_pages, open_site
from orchestration.release.site.model import ReleaseTables
from orchestration.release.site.render import NAMES, render_page, site_environment
from orchestration.release.site.values import KEYS
from orchestration.release.tables import format_number
from tests.site import world
from tests.site.structure import faults
from tests.site.world_registry import COUNTRIES, INDICATORS, series

SOUND = """<!doctype html><html lang="en"><head><title>T</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src 'self'">
</head><body><main>
<h1>H</h1><div role="region" tabindex="0" aria-label="L"><table><caption>C</caption>
<thead><tr><th scope="col">A</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table></div>
</main></body></html>"""


def pages(site: Path) -> list[Path]:
    return sorted(path for path in site.rglob("*.html") if path.parent != site)


def test_no_page_has_a_structural_fault(built: Path) -> None:
    found = {
        str(path.relative_to(built)): problems
        for path in sorted(built.rglob("*.html"))
        if (problems := faults(path.read_text("utf-8"), path.relative_to(built).as_posix(), built))
    }
    assert not found
    wanted = {f"indicators/{entry[0]}.html" for entry in INDICATORS}
    wanted |= {f"countries/{code}.html" for code in COUNTRIES}
    wanted |= {f"progress/{region}.html" for region in ("index", "unece", "programme", "provider-area")}
    wanted |= {"index.html", "indicators/index.html", "countries/index.html"}
    for language in ("en", "fr", "ru"):
        folder = built / language
        assert wanted <= {path.relative_to(folder).as_posix() for path in folder.rglob("*.html")}


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        ('lang="en"', "", "no language"),
        ("<title>T</title>", "<title></title>", "no title"),
        ("default-src 'none'", "default-src *", "no content security policy"),
        ("<h1>H</h1>", "<h1>H</h1><h1>I</h1>", "not exactly one h1"),
        ("<h1>H</h1>", "<h1>H</h1><h3>I</h3>", "a heading skips a level"),
        ("<h1>H</h1>", '<h1 id="a">H</h1><p id="a">P</p>', "id a twice"),
        ("<h1>H</h1>", '<h1>H</h1><p aria-labelledby="b">P</p>', "refers to the missing id b"),
        ("<td>1</td>", "<td>None</td>", "prints None"),
        ("<caption>C</caption>", "", "a table has no caption"),
        ('<th scope="col">', "<th>", "a head of a table has no scope"),
        ("<td>1</td>", "<td>1</td><td>2</td>", "a row of a table has not 1 cells"),
        ('tabindex="0"', "", "a table stands in no region that scrolls by keyboard"),
        ('aria-label="L"', "", "a region that scrolls has no name"),
        ("<h1>", '<h1 style="color:red">', "style inside the page"),
        ("</head>", "<style>p{}</style></head>", "style inside the page"),
        ("</head>", "<script>1</script></head>", "script inside the page"),
        ("<h1>", '<h1 onclick="x()">', "script inside the page"),
        (
            "</main>",
            '<img src="https://example.org/a.png"></main>',
            "loads https://example.org/a.png from elsewhere",
        ),
        ("</main>", '<a href="https://example.org">x</a></main>', "links to https://example.org"),
        ("</main>", '<a href="gone.html">x</a></main>', "links to gone.html, which is not there"),
        ("</main>", '<a href="#gone">x</a></main>', "links to the missing place #gone"),
    ],
)
def test_the_structural_check_finds_each_fault(old: str, new: str, finding: str, tmp_path: Path) -> None:
    assert faults(SOUND, "en/x.html", tmp_path) == []
    assert faults(SOUND.replace(old, new, 1), "en/x.html", tmp_path) == [finding]


def test_every_printed_number_is_the_tables_number(built: Path, invented: Mapping[str, pa.Table]) -> None:
    values = {
        name: {tuple(str(row[column]) for column in key): row for row in invented[name].to_pylist()}
        for name, key in KEYS.items()
        if name in invented
    }
    checked = 0
    for path in pages(built):
        for element in html.document_fromstring(path.read_text("utf-8")).xpath("//data[@data-cell]"):
            table, key, column = element.get("data-cell").split("|")
            expected = values[table][tuple(key.split(","))][column]
            assert element.get("value") == format_number(expected), f"{path.name}: {element.get('data-cell')}"
            checked += 1
    assert checked > 400


def test_every_printed_number_reads_as_its_value(built: Path) -> None:
    """The printed figure is its value rounded, whatever the language: undo grouping, comma, scale."""
    for path in pages(built):
        for element in html.document_fromstring(path.read_text("utf-8")).xpath("//data"):
            text = element.text.replace("\u2212", "-")
            percent = text.endswith("%")
            text = re.sub(r"[\s%]", "", text)
            text = (
                text.replace(",", "") if path.relative_to(built).parts[0] == "en" else text.replace(",", ".")
            )
            printed, exact = float(text), float(element.get("value"))
            decimals = len(text.partition(".")[2])
            scales = (0.01,) if percent else (1, 1e6)
            assert any(abs(printed - exact / s) <= 0.5000001 * 10**-decimals for s in scales), element.get(
                "data-cell"
            )


def test_every_page_is_marked_in_its_language(built: Path) -> None:
    for path in pages(built):
        page = html.document_fromstring(path.read_text("utf-8"))
        mark = MARK_BY_LANGUAGE[page.get("lang")]
        assert page.findtext(".//title").endswith(mark)
        assert page.xpath("//div[@class='mark']")[0].text_content().strip() == mark
        assert page.body.get("data-mark") == mark
    chooser = (built / "index.html").read_text("utf-8")
    assert all(mark in chooser for mark in MARK_BY_LANGUAGE.values())


def test_style_prints_the_mark_behind_the_page_and_the_release_at_its_foot(built: Path) -> None:
    style = (built / "static" / "site.css").read_text("utf-8")
    assert re.search(r"@media print \{.*\.illustrative::before \{ content: attr\(data-mark\)", style, re.S)
    assert '@bottom-left { content: "2025.1"; ' in style


def test_all_languages_have_the_same_pages_and_link_to_each_other(built: Path) -> None:
    names = {
        code: {str(p.relative_to(built / code)) for p in (built / code).rglob("*")}
        for code in ("en", "fr", "ru")
    }
    assert names["en"] == names["fr"] == names["ru"]
    for path in pages(built):
        page = html.document_fromstring(path.read_text("utf-8"))
        # A page that other sites frame has no navigation and names its other languages in its head.
        framed = path.parent.name == "embeds"
        links = page.xpath("//link[@rel='alternate']" if framed else "//nav[@class='languages']//a")
        named = [
            (link.get("hreflang"), NAMES[link.get("hreflang")] if framed else link.text) for link in links
        ]
        assert named == [
            ("en", "English"), ("fr", "Français"), ("ru", "Русский"),
        ]  # fmt: skip
        for link in links:
            target = (path.parent / link.get("href")).resolve()
            assert target == built / link.get("hreflang") / path.relative_to(built).relative_to(
                page.get("lang")
            )


def test_empty_slot_says_why_in_each_language(built: Path) -> None:
    for language, word in (("en", "No international source"), ("fr", "Aucune source"), ("ru", "Ни один")):
        page = html.document_fromstring((built / language / "indicators" / "P11.html").read_text("utf-8"))
        assert word in page.xpath("//section[@class='slot']")[0].text_content()
        assert not page.xpath("//table")


def test_english_only_texts_are_marked_as_english(built: Path) -> None:
    french = html.document_fromstring((built / "fr" / "indicators" / "W07.html").read_text("utf-8"))
    marked = {element.text for element in french.xpath("//span[@lang='en']")}
    assert {"SERIES, as its provider calls it", "Invented data set", "Invented directive"} <= marked


def test_home_counts_what_the_tables_hold(built: Path) -> None:
    page = html.document_fromstring((built / "en" / "index.html").read_text("utf-8"))
    sentences = [" ".join(item.text_content().split()) for item in page.xpath("//ol[@class='headlines']/li")]
    assert sentences[0].startswith(
        "Of 2 series that can be assessed for the region, 0 are on track, 1 are too slow"
    )
    assert sentences[1].startswith("More than one method can judge 2 series; all methods agree on 0 of them.")
    assert "The 2 UNECE programme countries reach 50%" in sentences[2]
    changes = page.get_element_by_id("changes").text_content()
    assert "new years of data" in changes


def test_each_empty_cell_of_a_country_is_explained(built: Path) -> None:
    page = html.document_fromstring((built / "en" / "countries" / "FRA.html").read_text("utf-8"))
    words = {cell.text_content().strip() for cell in page.xpath("//td[contains(@class, 'none')]")}
    explained = {term.text_content().strip() for term in page.xpath("//section[@class='reasons']//dt")}
    assert words == {"not reported", "no source"}
    assert words <= explained


def test_tables_carry_the_notes_on_territory(built: Path, invented: Mapping[str, pa.Table]) -> None:
    """The invented release names no country that has a note; Cyprus in its place has."""
    cyprus = {}
    for name, table in invented.items():
        columns = [
            pc.replace_substring(column, "ALB", "CYP") if pa.types.is_string(column.type) else column
            for column in table.columns
        ]
        cyprus[name] = pa.table(columns, table.schema)
    site = open_site("en", ReleaseTables(cyprus), world.facts())
    pages = collect_pages(site)
    for path in ("countries/CYP.html", "indicators/W07.html", "progress/unece.html"):
        text = render_page(site_environment(), site, pages[path], pages)
        assert "Government of the Republic of Cyprus" in text
    assert "Republic of Cyprus" not in render_page(
        site_environment(), site, pages["countries/FRA.html"], pages
    )


def test_components_follow_the_verdict_on_all_of_them(built: Path) -> None:
    page = html.document_fromstring((built / "en" / "indicators" / "P13.html").read_text("utf-8"))
    tables = page.xpath("//section[@aria-labelledby='methods']//table/@id")
    assert tables == ["methods-total", "methods-cur", "methods-ted"]
    assert [part.text for part in page.xpath("//details[@class='part']/summary")] == [
        "curricula",
        "teacher education",
    ]


def test_the_verdicts_of_a_country_count_each_series_once(built: Path) -> None:
    page = html.document_fromstring((built / "en" / "countries" / "index.html").read_text("utf-8"))
    for row in page.xpath("//tbody/tr"):
        counts = [int(value) for value in row.xpath("./td/data[not(@data-cell)]/@value")]
        assert len(counts) == 4
        assert sum(counts) == len(series())
