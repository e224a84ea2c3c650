"""What the pages of the invented release say; whether they are sound is test_site_check.py."""

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from lxml import html

from orchestration.release.site.build import collect_pages, open_site
from orchestration.release.site.model import ReleaseTables
from orchestration.release.site.pages import indicators
from orchestration.release.site.render import NAMES, render_page, site_environment
from tests.site import world
from tests.site.world_registry import series


def pages(site: Path) -> list[Path]:
    return sorted(path for path in site.rglob("*.html") if path.parent != site)


def test_style_prints_the_release_at_the_foot_of_a_page(built: Path) -> None:
    assert '@bottom-left { content: "2025.1"; ' in (built / "static" / "site.css").read_text("utf-8")


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
    assert " 1 of them is judged for the reporting area of Eurostat, " in sentences[0]
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


def test_no_component_speaks_for_an_indicator(invented: Mapping[str, pa.Table]) -> None:
    """The list takes the row of the whole, else the verdict on all components together, else says so."""
    table = invented["rpt_regional_progress"]
    (base,) = [row for row in table.to_pylist() if (row["indicator"], row["region"]) == ("W07", "UNECE")]
    good, bad = {"status": "achieved", "colour": "green"}, {"status": "reverse", "colour": "red"}
    rows = [
        base | {"breakdown": "ALL"} | good,  # sorts before the total
        base | bad,
        base | {"indicator": "P13", "breakdown": "CUR"} | good,
        base | {"indicator": "P13", "breakdown": "TED"} | bad,
        base | {"indicator": "A02", "breakdown": "ONE"} | good,
        base | {"indicator": "A02", "breakdown": "TWO"} | bad,
        base | {"indicator": "A09", "breakdown": "ONE"} | bad,
        base | {"indicator": "A09", "breakdown": "TWO"} | bad,
    ]
    agreement = invented["rpt_agreement"]
    together = pc.equal(agreement["indicator"], "P13")
    tables = {
        **invented,
        "rpt_regional_progress": pa.Table.from_pylist(rows, table.schema),
        "rpt_agreement": agreement.filter(together),
    }
    site = open_site("en", ReleaseTables(tables), world.facts())
    (page,) = indicators.pages(site)
    found = {row["code"]: row["status"] for group in page.context["groups"] for row in group["rows"]}
    told = {code: (str(badge.word), badge.colour) for code, badge in found.items()}
    assert told["W07"] == ("Moving away", "red")
    assert told["P13"] == ("Too slow", "yellow")
    assert told["A02"] == ("by component", "grey")
    assert told["A09"] == ("Moving away", "red")
