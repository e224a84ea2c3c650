"""The maps: classes as the tables have them, footnotes, clearance, size."""

import re

import pytest
from lxml import etree

from orchestration.release.site.maps import availability_map, status_map
from orchestration.release.site.territory import territorial_notes
from tests.site.figure_tables import AVAILABILITY, countries, invented_site
from tests.site.test_drawings import LANGUAGES, SVG, letters

SIZE_LIMIT = 120_000  # bytes: home is to stay below 300 kB with everything else


def classes_of(svg: str) -> dict[str, set[str]]:
    """The fills with which each area's name is drawn, by the title of its shape."""
    found: dict[str, set[str]] = {}
    for title in etree.fromstring(svg.encode()).iter(f"{SVG}title"):
        found.setdefault(title.text, set()).add(title.getparent().get("fill"))
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_maps_stay_below_their_size(language: str) -> None:
    site = invented_site(language)
    for figure in (status_map(site, "one", "W05", "_T"), availability_map(site, "one")):
        assert len(figure.svg.encode()) <= SIZE_LIMIT


def test_status_map_draws_each_country_in_the_class_of_the_table() -> None:
    figure = status_map(invented_site("en"), "one", "W05", "_T")
    table = {f"{name}: {verdict}" for name, verdict in figure.table_rows[1:]}
    drawn = classes_of(figure.svg)
    assert set(drawn) == table and len(table) == len(countries())
    assert all(len(fills) == 1 for fills in drawn.values())
    assert drawn["Germany: Too slow"] == {"url(#one-yellow-map)"}
    assert drawn["Monaco: Moving away"] == {"url(#one-red-map)"}
    assert drawn["Uzbekistan: Not assessed or methods divided"] == {"#c9d0d6"}
    assert drawn["France: No data"] == {"url(#one-missing-map)"}


def test_status_map_describes_the_counts_of_its_table() -> None:
    figure = status_map(invented_site("en"), "one", "W05", "_T")
    assert figure.description == (
        "On track: 1; Too slow: 1; Moving away: 1; Not assessed or methods divided: 1; No data: 52,"
        " out of 56 countries."
    )


def test_availability_map_puts_the_end_of_a_quarter_into_the_next() -> None:
    figure = availability_map(invented_site("en"), "one")
    drawn = classes_of(figure.svg)
    assert {title for title in drawn if not title.endswith("No data")} == {
        "Albania: 0% to under 25%",
        "Monaco: 25% to under 50%",
        "Uzbekistan: 50% to under 75%",
        "Germany: 75% to 100%",
    }
    stated = [cell for _, cell in figure.table_rows[1:] if "value=" in cell]
    assert sorted(float(re.findall('value="([^"]+)"', cell)[0]) for cell in stated) == sorted(
        AVAILABILITY.values()
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_legend_has_a_word_for_every_class_and_for_the_neutral_area(language: str) -> None:
    site = invented_site(language)
    figure = status_map(site, "one", "W05", "_T")
    words = {verdict for _, verdict in figure.table_rows[1:]} | {str(site.t("maps.neutral"))}
    assert words <= set(letters(figure.svg))


@pytest.mark.parametrize("language", LANGUAGES)
def test_map_carries_disclaimer_and_the_footnote_on_kosovo(language: str) -> None:
    notes = availability_map(invented_site(language), "one").notes
    body = {"en": "United Nations", "fr": "Nations Unies", "ru": "Объединённых Наций"}[language]
    assert body in notes[0]
    assert "1244 (1999)" in notes[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_clearance_there_is_no_map_but_the_table_and_a_sentence(language: str) -> None:
    site = invented_site(language, maps_cleared=False)
    for figure in (status_map(site, "one", "W05", "_T"), availability_map(site, "one")):
        assert figure.svg == ""
        assert figure.notes == (str(site.t("maps.not_cleared")),)
        assert len(figure.table_rows) == len(countries()) + 1


def test_figures_carry_the_territorial_notes_of_the_countries_they_show() -> None:
    site = invented_site("en")
    assert territorial_notes(site, ["FRA", "UKR", "CYP"]) == (
        str(site.t("territory.CYP")),
        str(site.t("territory.UKR")),
    )
    assert territorial_notes(site, ["FRA"]) == ()
    assert status_map(site, "one", "A04", "_T").notes[3:] == (str(site.t("territory.UKR")),)
