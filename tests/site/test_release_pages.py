"""The pages about the whole release: gaps, visibility, decoupling, policies, files, checks, revisions."""

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pikepdf
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from lxml import html

from connectors.errors import CheckError
from orchestration.release.site import pdf, render
from orchestration.release.site.build import collect_pages, open_site
from orchestration.release.site.model import ReleaseTables
from orchestration.release.site.pages import data
from orchestration.release.site.pages.data import EXAMPLE, lines_of
from orchestration.release.site.pdf import pdf_name
from orchestration.release.site_check.pdf_text import read_text
from tests.site import world, world_analysis

LANGUAGES = ("en", "fr", "ru")
ENGLISH = {"en": "The full report", "fr": "(en anglais)", "ru": "(на английском языке)"}


def page(site: Path, path: str) -> html.HtmlElement:
    return html.document_fromstring((site / path).read_text("utf-8"))


def words(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def rows(table: html.HtmlElement) -> dict[str, list[str]]:
    """The cells of each row by its first cell."""
    found = {}
    for row in table.xpath(".//tbody/tr[not(@class='group')]"):
        head, *cells = [words(cell) for cell in row]
        found[head] = cells
    return found


def test_gaps_are_counted_by_entry_point_among_those_that_can_be_judged(built: Path) -> None:
    points = rows(page(built, "en/analysis/gaps.html").get_element_by_id("points"))
    assert points == {
        "Waste management and reduction": ["1 of 4", "not applicable", "1 of 4"],
        "Sustainable procurement": ["1 of 4", "not applicable", "not applicable"],
        "Across the entry points": ["1 of 4", "not applicable", "not applicable"],
    }


def test_a_gap_stands_with_its_evidence_and_its_peers(built: Path) -> None:
    found = page(built, "en/analysis/gaps-1.html")
    heads = [words(head).strip("↕ ") for head in found.xpath("//table[@id='gaps']/thead//th")]
    assert heads == [
        "Country",
        "Data gap",
        "Performance gap",
        "Availability of data",
        "Not on track, of assessed",
    ]
    table = rows(found.get_element_by_id("gaps"))
    assert table["Albania"][1] == "■ gap W07, A02 Without this gap in its group: Austria, France"
    assert table["Austria"] == ["□ no gap", "□ no gap", "88%", "1 of 2"]
    named = [words(term) for term in found.xpath("//section[@aria-labelledby='named']//dt")]
    assert named == ["A02", "W07"]
    procurement = rows(page(built, "en/analysis/gaps-2.html").get_element_by_id("gaps"))
    assert procurement["Kazakhstan"][0] == "■ gap W07, P11"


def test_finance_is_compared_with_the_group(built: Path) -> None:
    table = rows(page(built, "fr/analysis/gaps.html").get_element_by_id("finance"))
    assert table["Autriche"][:3] == ["□ pas de lacune", "0,8 2022", "0,6"]
    assert table["Albanie"][:3] == ["○ non collecté", "non collecté", ""]


def test_visibility_compares_own_and_others(built: Path) -> None:
    found = page(built, "en/analysis/visibility.html")
    table = rows(found.get_element_by_id("countries"))
    assert set(table) == {"Albania", "Austria", "France", "Kazakhstan"}
    assert table["Albania"][:3] == ["50%", "75%", "−25%"]
    heads = [words(head) for head in found.xpath("//table[@id='countries']/thead//th")]
    assert any("not reported" in head for head in heads)
    assert not any("confidential" in head for head in heads)  # no cell of this release


def test_decoupling_shows_both_perspectives_side_by_side(built: Path) -> None:
    found = page(built, "en/analysis/decoupling.html")
    assert len(found.xpath("//figure//*[local-name()='svg']")) == 4
    table = rows(found.get_element_by_id("countries-10"))
    assert table["Albania"][:3] == ["12.5", "−3.2", "−0.26"] and len(table["Albania"]) == 8
    assert table["Albania"][3] == "strong decoupling 2010–2012 to 2020–2022"
    assert "another class if the base moves" in table["Austria"][3]
    assert table["France"][2:4] == ["", "not classifiable"]
    assert table["Kazakhstan"][3] == "no data"
    assert "UNECE region" in next(iter(rows(found.get_element_by_id("regions-5"))))


def test_policies_show_value_year_level_and_minimum(built: Path) -> None:
    found = page(built, "en/analysis/policies.html")
    minimum = rows(found.get_element_by_id("minimum"))
    assert minimum == {"Municipal recycling rate (en) %": ["50", "1", "2", "1"]}
    conventions = rows(found.get_element_by_id("table-mea-reporting"))
    assert conventions["Austria"] == ["55.0 2021 ▲ reached"]
    assert conventions["Albania"] == ["12.2 2021 ◆ below"]
    assert conventions["Kazakhstan"] == ["not reported"]
    procurement = rows(found.get_element_by_id("table-spp"))
    assert "medium-low implementation" in procurement["Albania"][0]
    assert "No international source" in words(found.xpath("//section[@aria-labelledby='instruments']")[0])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_file_is_listed_with_its_size_and_checksum(built: Path, language: str) -> None:
    found = page(built, f"{language}/data/index.html")
    listed = {}
    for table in found.xpath("//table"):
        for row in table.xpath("./tbody/tr"):
            link = row.xpath("./th/a")[0]
            assert (built / language / "data" / link.get("href")).resolve().is_file()
            listed[link.text] = (row.xpath(".//data/@value")[0], words(row[2]))
    assert listed == {file.path: (str(file.size), file.sha256) for file in world_analysis.FILES}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_file_of_one_language_is_kept_under_a_name_with_release_and_language(
    built: Path, language: str
) -> None:
    links = page(built, f"{language}/data/index.html").xpath("//a[@download]")
    found = {Path(link.get("href")).name: link.get("download") for link in links}
    assert found.pop("ILLUSTRATIVE_tables_en.xlsx") == (
        "ILLUSTRATIVE_unece-circularity_tables_2025.1_en.xlsx"
    )
    assert found == {
        f"ILLUSTRATIVE_progress_{code}.pdf": f"ILLUSTRATIVE_unece-circularity_progress_2025.1_{code}.pdf"
        for code in LANGUAGES
    }


def test_that_name_has_no_mark_in_a_release_that_is_not_illustrative() -> None:
    found = data._saved_as(world.facts(illustrative=False))
    assert found["tables_fr.xlsx"] == "unece-circularity_tables_2025.1_fr.xlsx"
    assert len(found) == 2 * len(LANGUAGES)


def test_the_lines_for_duckdb_and_python_read_the_table(
    tmp_path: Path, invented: Mapping[str, pa.Table]
) -> None:
    lines = dict(lines_of(world.facts()))
    table = invented["rpt_regional_progress"]
    (tmp_path / "data").mkdir()
    pq.write_table(table, tmp_path / "data" / f"{EXAMPLE}.parquet")
    script = "\n".join((*lines["python"], "print(len(table))"))
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True)
    assert done.stdout.strip() == str(table.num_rows), done.stderr
    attach, read = lines["duckdb"]
    file = tmp_path / "ILLUSTRATIVE_circularity.duckdb"
    with duckdb.connect(str(file)) as made:
        made.register("given", table)
        made.execute(f"create table {EXAMPLE} as from given")
    with duckdb.connect() as reader:
        reader.execute(attach.replace("'ILLUSTRATIVE", f"'{tmp_path}/ILLUSTRATIVE"))
        assert len(reader.execute(read).fetchall()) == table.num_rows


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_rule_of_the_gate_stands_there_in_each_language(built: Path, language: str) -> None:
    found = page(built, f"{language}/quality/index.html")
    listed = found.get_element_by_id("rules")
    suites = world.suite_rules()
    assert {words(code) for code in listed.xpath(".//th//span[@class='unit']")} == set(suites)
    text = words(listed)
    for rule in suites.values():
        assert (" ".join(rule["title"].split()) in text) == (language == "en")
    report = found.xpath("//section[@aria-labelledby='gate']//a[contains(@href, 'gate.')]")
    assert [link.get("hreflang") for link in report] == ["en", "en"]
    assert ENGLISH[language] in words(report[0].getparent())
    decision = words(found.xpath("//article[@class='decision']")[0])
    note = world_analysis.DECISIONS[0]["decision"]["note"][language]
    assert note in decision and "Ada Reckoner" in decision


def test_a_rule_that_says_something_new_asks_for_new_translations(invented: Mapping[str, pa.Table]) -> None:
    first, *others = world.facts().gate_rules
    facts = world.facts(gate_rules=({**first, "plain": "Something else."}, *others))
    with pytest.raises(CheckError, match=rf"gate_rule\.{first['gate']}\.plain"):
        collect_pages(open_site("fr", ReleaseTables(invented), facts))


def test_revisions_are_counted_by_indicator_with_their_reasons(built: Path) -> None:
    found = page(built, "ru/quality/revisions.html")
    (cells,) = rows(found.get_element_by_id("revisions")).values()
    assert cells[:6] == ["1", "0", "1", "0", "0", "2"]
    assert cells[6] == "пересмотр источником Пересчитано."
    told = [[words(cell) for cell in row] for row in found.xpath("//table[@id='verdicts']/tbody/tr")]
    assert [row[1] for row in told] == ["Регион ЕЭК"] * 2 and told[0][2] != told[1][2]


def test_a_verdict_that_changed_outside_the_window_of_its_method_is_not_told(built: Path) -> None:
    """M2 has two windows and speaks with the short one: its change would be told twice."""
    home = page(built, "en/index.html")
    (section,) = home.xpath("//section[@aria-labelledby='changed']")
    assert section.xpath("./p//data/@value") == ["2"]
    methods = [words(cell) for cell in section.xpath(".//tbody/tr/td[2]")]
    assert len(methods) == 2 and len(set(methods)) == 2


def test_a_status_that_stayed_is_no_change(invented: Mapping[str, pa.Table]) -> None:
    row = invented["rpt_status_change"].to_pylist()[0]
    stayed = {**row, "status": row["status_before"], "colour": row["colour_before"], "cause": None}
    table = pa.Table.from_pylist([row, stayed], invented["rpt_status_change"].schema)
    assert len(ReleaseTables({"rpt_status_change": table}).status_changes) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_known_error_stands_on_the_pages_it_concerns_and_on_no_other(built: Path, language: str) -> None:
    said = world_analysis.ERRATA[0].text[language]
    marked = {
        path.relative_to(built / language).as_posix()
        for path in (built / language).rglob("*.html")
        if said in path.read_text("utf-8")
    }
    progress = {f"progress/{name}.html" for name in ("index", "unece", "programme", "provider-area")}
    assert marked == {"indicators/W07.html", "embeds/map.html", "quality/revisions.html"} | progress
    listed = page(built, f"{language}/quality/revisions.html").xpath("//article//a/@href")
    assert listed == ["../indicators/W07.html", "../progress/index.html"]
    link = page(built, f"{language}/indicators/W07.html").xpath("//p[@class='erratum']/a/@href")
    assert link == ["../quality/revisions.html"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pdf_of_the_progress_tables_carries_their_known_error(built: Path, language: str) -> None:
    said = "".join(world_analysis.ERRATA[0].text[language].split())
    with pikepdf.open(built / pdf_name(world.facts(), language)) as document:
        pages = ["".join(page.split()) for page in read_text(document).pages]
    assert [page.count(said) for page in pages] == [1] + [0] * (len(pages) - 1)


def test_a_known_error_elsewhere_is_not_in_the_pdf(invented: Mapping[str, pa.Table]) -> None:
    elsewhere = replace(world_analysis.ERRATA[0], pages=("indicators/W07.html", "progress.html"))
    site = open_site("en", ReleaseTables(invented), world.facts(errata=(elsewhere,)))
    assert pdf._content(site)["errata"] == []


def test_a_frame_carries_the_known_error_of_the_indicator_it_shows() -> None:
    (known,) = world_analysis.ERRATA
    site = SimpleNamespace(facts=SimpleNamespace(errata=(known,)))
    for shown, expected in (("indicators/W07.html", [known]), ("indicators/A02.html", [])):
        frame = render.Page("embeds/X.html", "embed.html.j2", "X", {"shows": shown})
        assert render._errata_of(site, frame) == expected


def test_calendar_states_zone_and_state(built: Path) -> None:
    found = page(built, "en/calendar.html")
    assert found.xpath("//time/@datetime")[:1] == ["2027-03-01T09:00:00+00:00"]
    assert "UTC" in words(found.get_element_by_id("planned"))
    assert rows(found.get_element_by_id("earlier"))["2024.1"][1:] == ["corrected by a later release", "Error"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_to_be_framed_has_no_navigation_and_says_where_it_comes_from(
    built: Path, language: str
) -> None:
    found = page(built, f"{language}/embeds/map.html")
    assert not found.xpath("//nav")
    assert found.xpath("//a[@target='_top']/@href") == ["../index.html"]
    assert world.facts().citation[language] in words(found)
    listed = page(built, f"{language}/data/embeds.html")
    (code,) = (words(cell) for cell in listed.xpath("//table//code"))
    assert f'src="https://example.org/2025.1/{language}/embeds/map.html"' in code


def test_accessibility_statement_names_the_contact(built: Path) -> None:
    assert "someone@example.org" in words(page(built, "fr/accessibility.html").xpath("//main")[0])
