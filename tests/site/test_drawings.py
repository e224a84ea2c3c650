"""What every drawing of the site must hold, whatever it shows."""

import re
from collections.abc import Callable
from functools import cache

import pytest
from lxml import etree
from markupsafe import Markup

from orchestration.release.marks import MARK_BY_LANGUAGE
from orchestration.release.site import drawing
from orchestration.release.site.charts import (
    country_distribution,
    decoupling_areas,
    group_availability,
    method_tally,
    regional_series,
    sparkline,
)
from orchestration.release.site.figures import Figure
from orchestration.release.site.maps import availability_map, status_map
from orchestration.release.site.numbers import Shape
from orchestration.release.site.render import Site
from tests.site.figure_tables import invented_site

LANGUAGES = ("en", "fr", "ru")
SVG = "{http://www.w3.org/2000/svg}"
FIGURES: dict[str, Callable[[Site], Figure]] = {
    "series": lambda site: regional_series(site, "one", "W05", "_T", "UNECE"),
    "distribution": lambda site: country_distribution(site, "one", "W05", "_T"),
    "tally": lambda site: method_tally(site, "one", "W05", "_T"),
    "decoupling": lambda site: decoupling_areas(site, "one", "production", 5),
    "availability": lambda site: group_availability(site, "one"),
    "status map": lambda site: status_map(site, "one", "W05", "_T"),
    "availability map": lambda site: availability_map(site, "one"),
}
every_figure = pytest.mark.parametrize("kind", FIGURES)
every_language = pytest.mark.parametrize("language", LANGUAGES)


@cache
def figure(kind: str, language: str, illustrative: bool = True) -> Figure:
    return FIGURES[kind](invented_site(language, illustrative))


def root_of(svg: Markup) -> "etree._Element":
    return etree.fromstring(str(svg).encode())


def letters(svg: Markup) -> list[str]:
    return [element.text for element in root_of(svg).iter(f"{SVG}text") if element.text]


@every_language
@every_figure
def test_drawing_has_no_inner_role_no_inline_style_and_no_outside_reference(kind: str, language: str) -> None:
    root = root_of(figure(kind, language).svg)
    for element in root.iter():
        assert element.tag not in (f"{SVG}style", f"{SVG}script", f"{SVG}image", f"{SVG}foreignObject")
        for name, value in element.attrib.items():
            assert name not in ("style", "role", "class", "href") and not name.startswith(
                ("aria-", "{", "on")
            )
            assert "url(" not in value or value.startswith("url(#one-")


@every_figure
def test_every_id_belongs_to_its_figure_and_every_reference_is_kept(kind: str) -> None:
    root = root_of(figure(kind, "en").svg)
    names = [element.get("id") for element in root.iterfind(".//*[@id]")]
    assert len(names) == len(set(names))
    assert all(name.startswith("one-") for name in names)
    used = {found for element in root.iter() for found in re.findall(r"url\(#(.+?)\)", str(element.attrib))}
    assert used <= set(names)


@every_figure
def test_same_tables_give_the_same_bytes(kind: str) -> None:
    first, second = (FIGURES[kind](invented_site("ru")) for _ in range(2))
    assert first == second


@every_language
@every_figure
def test_mark_stands_inside_the_drawing_only_while_it_holds(kind: str, language: str) -> None:
    mark = MARK_BY_LANGUAGE[language]
    assert mark in letters(figure(kind, language).svg)
    assert mark not in letters(figure(kind, language, False).svg)


@every_language
@every_figure
def test_letters_are_at_least_eleven_pixels_high_on_a_phone(kind: str, language: str) -> None:
    root = root_of(figure(kind, language).svg)
    column = 360 - 2 * 16  # a phone's width without the page's margins
    scale = column / float(root.get("viewBox").split()[2])
    sizes = {float(element.get("font-size").removesuffix("px")) for element in root.iter(f"{SVG}text")}
    assert sizes and all(size * scale >= 11 for size in sizes)


@every_language
@every_figure
def test_drawing_is_no_wider_than_its_column(kind: str, language: str) -> None:
    root = root_of(figure(kind, language).svg)
    assert float(root.get("viewBox").split()[2]) <= drawing.WIDTH + 6


@every_figure
def test_png_shows_the_drawing_at_twice_its_size(kind: str) -> None:
    svg = figure(kind, "en").svg
    picture = drawing.png(svg)
    assert picture.startswith(b"\x89PNG")
    width = int.from_bytes(picture[16:20])
    assert abs(width - 2 * float(root_of(svg).get("width"))) <= 2


def test_two_figures_of_a_page_share_no_id() -> None:
    site = invented_site("en")
    texts = [str(method_tally(site, name, "W05", "_T").svg) for name in ("one", "two")]
    names = [set(re.findall(r'id="([^"]+)"', text)) for text in texts]
    assert names[0] and not names[0] & names[1]


@pytest.mark.parametrize(
    ("language", "decimal", "thousands"), [("en", ".", ","), ("fr", ",", "\u202f"), ("ru", ",", "\xa0")]
)
def test_axes_use_the_number_format_of_the_language(language: str, decimal: str, thousands: str) -> None:
    written = drawing.axis_numbers(language)
    assert (written["decimal"], written["thousands"]) == (decimal, thousands)
    axis = letters(figure("series", language).svg)
    assert f"1{thousands}400" in axis
    shares = letters(figure("availability", language).svg)
    assert {"en": "50%", "fr": "50\u202f%", "ru": "50\xa0%"}[language] in shares


@every_language
def test_sparkline_says_its_ends_and_carries_the_mark(language: str) -> None:
    values = [(2019, 1500.25), (2021, 1000.0), (2022, 2000.5)]
    root = root_of(sparkline(invented_site(language), values, Shape(1)))
    assert root.get("role") == "img"  # its title is then read out with the cell
    title = root.find(f"{SVG}title").text
    assert "2019" in title and "2022" in title and MARK_BY_LANGUAGE[language] in title
    assert {"en": "1,500.2", "fr": "1\u202f500,2", "ru": "1\xa0500,2"}[language] in title
    assert len(root.find(f"{SVG}polyline").get("points").split()) == len(values)


def test_sparkline_of_nothing_is_nothing() -> None:
    assert sparkline(invented_site("en"), [], Shape(1)) == ""
