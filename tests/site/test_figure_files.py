"""The files of a figure say what the page says, exactly, and carry the mark of illustrative data."""

import csv
import io
import re
from dataclasses import replace

import pytest
from lxml import etree

from orchestration.release.site.charts import country_distribution, group_availability, regional_series
from orchestration.release.site.figure_files import content_of, plain
from orchestration.release.site.figures import Figure
from orchestration.release.site.maps import status_map
from orchestration.release.site.render import Site
from tests.site.figure_tables import invented_site

LANGUAGES = ("en", "fr", "ru")
MARK = {"en": "NOT FOR PUBLICATION", "fr": "NE PAS PUBLIER", "ru": "НЕ ДЛЯ ПУБЛИКАЦИИ"}
EXACT = re.compile(r'<data value="([^"]*)"(?: data-cell="([^"]*)")?>([^<]*)</data>')


def drawn(site: Site) -> list[Figure]:
    return [
        regional_series(site, "a", "W05", "_T", "UNECE"),
        country_distribution(site, "b", "W05", "_T"),
        group_availability(site, "c"),
        status_map(site, "d", "W05", "_T"),
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_csv_holds_every_number_of_the_table_with_its_place(language: str) -> None:
    site = invented_site(language)
    for figure in drawn(site):
        rows = list(csv.DictReader(io.StringIO(content_of(site, figure, "csv").decode())))
        head, *body = figure.table_rows
        assert len(rows) == len(body) * (len(head) - 1) > 0
        cells = [cell for row in body for cell in row[1:]]
        for row, cell in zip(rows, cells, strict=True):
            number = EXACT.fullmatch(str(cell))
            exact, place, shown = number.groups() if number else ("", "", str(cell))
            assert (row["value"], row["cell"], row["shown"]) == (exact, place or "", shown)
        assert {row["column"] for row in rows} == {str(word) for word in head[1:]}
    assert sum(bool(EXACT.search(str(cell))) for row in drawn(site)[0].table_rows for cell in row) > 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_svg_stands_alone_in_its_language(language: str) -> None:
    site = invented_site(language)
    for figure in drawn(site):
        root = etree.fromstring(content_of(site, figure, "svg"))
        assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == language
        assert [root[0].text, root[1].text] == [figure.title, plain(figure.description)]
        assert float(root.get("width")) > 0
        assert MARK[language] in "".join(root.itertext())


def test_only_maps_become_png() -> None:
    site = invented_site("en")
    kinds = [figure.kinds for figure in drawn(site)]
    assert kinds == [("svg", "csv")] * 3 + [("svg", "png", "csv")]
    image = content_of(site, drawn(site)[-1], "png")
    assert image[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(image[16:20]) == 1140


def test_without_clearance_a_map_has_its_table_alone() -> None:
    site = invented_site("en", maps_cleared=False)
    assert status_map(site, "d", "W05", "_T").kinds == ("csv",)


def test_an_illustrative_file_says_so_and_no_other_does() -> None:
    for illustrative in (True, False):
        site = invented_site("en", illustrative=illustrative)
        figure = drawn(site)[1]
        head, *rows = csv.reader(io.StringIO(content_of(site, figure, "csv").decode()))
        assert ("illustrative" in head) is illustrative
        assert all((row[-1] == "true") is illustrative for row in rows)
        assert (MARK["en"] in content_of(site, figure, "svg").decode()) is illustrative


def test_a_figure_without_content_has_no_file() -> None:
    figure = drawn(invented_site("en"))[0]
    assert replace(figure, svg=figure.svg[:0], table_rows=()).kinds == ()
