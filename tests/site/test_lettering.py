"""Labels are cut to their width, as the font says it, and only if they are too wide."""

import pytest
from markupsafe import Markup

from orchestration.release.site import drawing
from orchestration.release.site.charts import country_distribution
from orchestration.release.site.charts.distribution import NAMES
from orchestration.release.site.lettering import DOTS, label_cut, shortened, text_width
from tests.site.figure_tables import invented_site
from tests.site.test_drawings import letters

SIZE = drawing.FONT_SIZE


def test_width_grows_with_the_letters_and_their_size() -> None:
    assert text_width("iii", SIZE) < text_width("WWW", SIZE)
    assert text_width("Ж", 2 * SIZE) == pytest.approx(2 * text_width("Ж", SIZE))


def test_what_fits_stays_as_it_is() -> None:
    assert shortened("Malta", 100, SIZE) == "Malta"
    assert label_cut(["Malta"], 100, SIZE) == {}


def test_what_does_not_fit_ends_in_dots_and_fits() -> None:
    name = "Bosnia and Herzegovina"
    short = shortened(name, 80, SIZE)
    assert short.endswith(DOTS) and name.startswith(short.removesuffix(DOTS))
    assert text_width(short, SIZE) <= 80 < text_width(name, SIZE)
    assert short in label_cut([name], 80, SIZE)["labelExpr"]


@pytest.mark.parametrize("language", ["en", "fr", "ru"])
def test_a_drawing_shows_no_label_wider_than_its_column(language: str) -> None:
    svg: Markup = country_distribution(invented_site(language), "one", "W05", "_T").svg
    words = letters(svg)
    names = [invented_site(language).words.area(code) for code in ("ALB", "DEU", "MCO", "UZB")]
    assert {shortened(name, NAMES - 6, SIZE) for name in names} <= set(words)
