"""The words and tables of the charts say what the release's tables say."""

from collections.abc import Callable

import pytest
from lxml import etree, html

from orchestration.release.site.charts import (
    country_distribution,
    decoupling_areas,
    group_availability,
    method_tally,
    regional_series,
)
from orchestration.release.site.figure_files import plain
from orchestration.release.site.figures import Figure
from orchestration.release.site.render import Site
from tests.site.figure_tables import COLOURS, LATEST, aggregate_rows, countries, invented_site

TEXT = "{http://www.w3.org/2000/svg}text"


def drawn(figure: Figure) -> list[str]:
    return [text.text for text in etree.fromstring(str(figure.svg).encode()).iter(TEXT) if text.text]


def exact(cell: object) -> float:
    element = etree.fromstring(str(cell))
    assert element.tag == "data"
    return float(element.get("value"))


def places(description: object) -> list[str]:
    """The cells which a description names."""
    return [
        str(one.get("data-cell")) for one in html.fragment_fromstring(str(description), True).iter("data")
    ]


def test_series_describes_first_and_last_value_of_the_headline_rule_and_the_target() -> None:
    figure = regional_series(invented_site("en"), "one", "W05", "_T", "UNECE")
    assert figure.title == "W05 en, UNECE region (en), by rule of aggregation"
    assert plain(figure.description) == (
        "Sum over sum, countries with both: 1,400 in 2020, 1,402 in 2022 (kg per person)."
        " The target for 2030 is 1,000."
    )
    assert places(figure.description) == [
        "rpt_aggregate|W05,_T,UNECE,2020,RSUM_MATCHED,all|obs_value",
        "rpt_aggregate|W05,_T,UNECE,2022,RSUM_MATCHED,all|obs_value",
        "rpt_regional_progress|UNECE,W05,_T|target_value",
    ]
    assert len(figure.notes) == 1 and "median" in figure.notes[0]


def test_series_has_a_row_a_year_and_a_column_a_rule_with_exact_values() -> None:
    figure = regional_series(invented_site("fr"), "one", "W05", "_T", "UNECE")
    head, *body = figure.table_rows
    assert len(head) == 6
    assert [row[0] for row in body] == ["2020", "2022"]
    stated = {row["obs_value"] for row in aggregate_rows() if row["time_period"] == "2022"}
    assert {exact(cell) for cell in body[1][1:]} == stated


def test_series_draws_every_rule_the_target_and_the_reference_year() -> None:
    words = drawn(regional_series(invented_site("en"), "one", "W05", "_T", "UNECE"))
    assert {
        "Sum over sum, countries with both",
        "Sum over sum, denominator of all members",
        "Unweighted mean of countries",
        "Median of countries",
        "Target for 2030: 1,000",
        "Countries with a value",
        "Reference year 2023",
    } <= set(words)


def test_series_says_which_condition_a_count_counts() -> None:
    figure = regional_series(invented_site("en"), "one", "P04", "_T", "UNECE")
    assert figure.table_rows[0] == ("Year", "Countries at 100 % or more")
    assert "Countries at 100 % or more" in drawn(figure)


def test_series_without_a_value_has_no_drawing_and_says_so() -> None:
    figure = regional_series(invented_site("ru"), "one", "A01", "_T", "CAUCASUS")
    assert figure.svg == "" and figure.table_rows == ()
    assert figure.description == "Для этого ряда нельзя опубликовать ни одного регионального значения."


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "4 of 56 countries have a value: from 351 (Uzbekistan) to 4,200 (Monaco)."),
        ("fr", "4 pays sur 56 disposent d’une valeur\xa0: de 351 (Ouzbékistan) à 4\u202f200 (Monaco)."),
        ("ru", "Значения есть у 4 стран из 56: от 351 (Узбекистан) до 4\xa0200 (Монако)."),
    ],
)
def test_distribution_counts_and_names_the_ends(language: str, sentence: str) -> None:
    figure = country_distribution(invented_site(language), "one", "W05", "_T")
    assert plain(figure.description) == sentence
    assert len(places(figure.description)) == 2


def test_distribution_lists_countries_from_largest_to_smallest_with_their_verdict() -> None:
    figure = country_distribution(invented_site("en"), "one", "W05", "_T")
    body = figure.table_rows[1:]
    assert [row[0] for row in body] == ["Monaco", "Albania", "Germany", "Uzbekistan"]
    assert [row[3] for row in body] == [
        "Moving away",
        "On track",
        "Too slow",
        "Not assessed or methods divided",
    ]
    assert [exact(row[2]) for row in body] == sorted(LATEST.values(), reverse=True)


def test_distribution_without_a_value_says_so() -> None:
    figure = country_distribution(invented_site("en"), "one", "A01", "_T")
    assert (figure.svg, figure.description) == ("", "No country has a value.")


def test_tally_adds_up_to_all_member_states_in_every_method() -> None:
    figure = method_tally(invented_site("en"), "one", "W05", "_T")
    assert all(sum(exact(cell) for cell in row[1:]) == len(countries()) for row in figure.table_rows[1:])
    assert [exact(cell) for cell in figure.table_rows[1][1:]] == [1, 1, 1, 53]
    assert [exact(cell) for cell in figure.table_rows[2][1:]] == [len(COLOURS), 0, 0, 52]
    assert figure.description.startswith("On track: 1; too slow: 1; moving away: 1; not assessed: 53, of 56")


def test_tally_marks_grey_with_a_hatch_and_states_symbols_beside_words() -> None:
    figure = method_tally(invented_site("en"), "one", "W05", "_T")
    assert 'fill="url(#one-hatch)"' in figure.svg and "#010203" not in figure.svg
    assert {"▲ On track", "◆ Too slow", "▼ Moving away", "○ Not assessed"} <= set(drawn(figure))


def test_decoupling_counts_classes_and_leaves_out_who_has_none() -> None:
    figure = decoupling_areas(invented_site("en"), "one", "production", 5)
    assert figure.description == (
        "3 countries have a class: strong decoupling 1, weak decoupling 1, expansive coupling 1."
    )
    assert [row[0] for row in figure.table_rows[1:]] == ["Albania", "Germany", "Monaco"]
    assert [exact(cell) for cell in figure.table_rows[1][1:3]] == [12.5, -3.0]
    assert figure.notes == ("Grey band: pressure and growth change alike (elasticity from 0.8 to 1.2).",)


def test_decoupling_of_a_perspective_without_data_says_so() -> None:
    figure = decoupling_areas(invented_site("fr"), "one", "footprint", 10)
    assert (figure.svg, figure.description) == ("", "Aucun pays ne peut être classé.")


def test_availability_names_lowest_and_highest_group() -> None:
    figure = group_availability(invented_site("en"), "one")
    assert figure.description == (
        "Indicators of the whole region: lowest index 25% (Caucasus (en)), highest 60% (UNECE region (en))."
    )
    assert figure.table_rows[1][2] == "no value"


@pytest.mark.parametrize(
    "draw",
    [
        lambda site: country_distribution(site, "one", "A04", "_T"),
        lambda site: method_tally(site, "one", "A04", "_T"),
        lambda site: regional_series(site, "one", "A04", "_T", "PROVIDER_AREA"),
    ],
)
def test_every_chart_of_a_series_says_what_territory_its_countries_cover(
    draw: Callable[[Site], Figure],
) -> None:
    """A frame shows a chart alone, without the page whose table has the notes."""
    site = invented_site("ru")
    assert draw(site).notes == (str(site.t("territory.UKR")), str(site.t("territory.LIE")))


def test_the_chart_of_a_region_says_it_of_its_members_alone() -> None:
    site = invented_site("en")
    assert regional_series(site, "one", "A04", "_T", "UNECE").notes == ()  # whose only member is Albania


def test_availability_says_what_territory_the_members_of_its_groups_cover() -> None:
    site = invented_site("en")
    assert group_availability(site, "one").notes == ()
    site.tables.members["CAUCASUS"] = ["ALB", "CYP"]
    assert group_availability(site, "one").notes == (str(site.t("territory.CYP")),)
