"""Charts, pages and the PDF have the footnotes on territory of the countries they show."""

from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pytest

from orchestration.release.site import pdf
from orchestration.release.site.build import collect_pages, open_site
from orchestration.release.site.model import ReleaseTables
from orchestration.release.site.render import Page, Site
from orchestration.release.site.territory import series_notes
from tests.site import world
from tests.site.figure_tables import invented_site

RENAMED = {"FRA": "UKR", "KAZ": "LIE", "NOT_REPORTED": "REPORTED_WITHIN"}
"""Makes of the invented countries one with a footnote, and one whose missing values are in another's."""


def test_country_reported_within_another_is_named_where_it_has_no_value() -> None:
    site = invented_site("en")
    contained, ukraine = str(site.t("territory.LIE")), str(site.t("territory.UKR"))
    members = site.tables.countries
    assert series_notes(site, [("W05", "_T")], members) == ()
    assert series_notes(site, [("A04", "_T")], members) == (ukraine, contained)
    assert series_notes(site, [("W05", "_T"), ("A04", "_T")], ["UKR", "MCO"]) == (ukraine,)
    assert series_notes(site, [("A04", "_T")], ["LIE", "CYP"]) == (contained,)


def _renamed(value: Any) -> Any:
    """A cell; codes stand in lists too, and in words that hide none."""
    return ";".join(RENAMED.get(part, part) for part in value.split(";")) if isinstance(value, str) else value


@pytest.fixture(scope="module")
def site(invented: Mapping[str, pa.Table]) -> Site:
    tables = {}
    for name, table in invented.items():
        rows = [{key: _renamed(value) for key, value in row.items()} for row in table.to_pylist()]
        tables[name] = pa.Table.from_pylist(rows, table.schema)
    return open_site("fr", ReleaseTables(tables), world.facts())


@pytest.fixture(scope="module")
def pages(site: Site) -> Mapping[str, Page]:
    return collect_pages(site)


@pytest.mark.parametrize(
    ("path", "noted"),
    [
        ("countries/UKR.html", ("UKR",)),
        ("countries/LIE.html", ("LIE",)),
        ("countries/AUT.html", ()),
        ("progress/unece.html", ("UKR", "LIE")),
        ("progress/programme.html", ("LIE",)),
        ("indicators/W07.html", ("UKR", "LIE")),
        ("indicators/A02.html", ()),
    ],
)
def test_a_page_has_the_notes_of_the_countries_and_series_it_shows(
    site: Site, pages: Mapping[str, Page], path: str, noted: tuple[str, ...]
) -> None:
    said = pages[path].context["territory"]
    assert said == tuple(str(site.t(f"territory.{country}")) for country in noted)


def test_the_pdf_has_the_notes_of_all_countries(site: Site) -> None:
    assert pdf._content(site)["territory"] == tuple(str(site.t(f"territory.{one}")) for one in ("UKR", "LIE"))
