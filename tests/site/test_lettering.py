"""Labels are cut to their width, as the font says it, and only if they are too wide."""

from collections.abc import Iterable

import pytest
from markupsafe import Markup

from orchestration.release.site import drawing
from orchestration.release.site.charts import country_distribution
from orchestration.release.site.charts.distribution import NAMES
from orchestration.release.site.figures import Figure
from orchestration.release.site.lettering import DOTS, shortened, stand_ins, text_width
from orchestration.release.site.words import Words
from tests.site.figure_tables import invented_site
from tests.site.test_drawings import FIGURES, letters, root_of

SIZE = drawing.FONT_SIZE


def test_width_grows_with_the_letters_and_their_size() -> None:
    assert text_width("iii", SIZE) < text_width("WWW", SIZE)
    assert text_width("Ж", 2 * SIZE) == pytest.approx(2 * text_width("Ж", SIZE))


def test_what_fits_stays_as_it_is() -> None:
    assert shortened("Malta", 100, SIZE) == "Malta"
    assert list(stand_ins(["Malta"], 100, SIZE).values()) == ["Malta"]


def test_what_does_not_fit_ends_in_dots_and_fits() -> None:
    name = "Bosnia and Herzegovina"
    short = shortened(name, 80, SIZE)
    assert short.endswith(DOTS) and name.startswith(short.removesuffix(DOTS))
    assert text_width(short, SIZE) <= 80 < text_width(name, SIZE)
    assert stand_ins(["Malta", name], 80, SIZE) == {"@0": "Malta", "@1": short}


@pytest.mark.parametrize("language", ["en", "fr", "ru"])
def test_a_drawing_shows_no_label_wider_than_its_column(language: str) -> None:
    svg: Markup = country_distribution(invented_site(language), "one", "W05", "_T").svg
    words = letters(svg)
    names = [invented_site(language).words.area(code) for code in ("ALB", "DEU", "MCO", "UZB")]
    assert {shortened(name, NAMES - 6, SIZE) for name in names} <= set(words)


@pytest.mark.parametrize("kind", ["distribution", "tally", "availability"])
def test_a_drawing_prints_every_label_and_no_stand_in(kind: str) -> None:
    """A label that stands for nothing would be a riddle, and a drawing as wide as its labels would be cut."""
    chart: Figure = FIGURES[kind](invented_site("ru"))
    words = letters(chart.svg)
    firsts = [str(row[0]) for row in chart.table_rows[1:]]
    assert not [word for word in words if word.startswith("@")]
    assert all(any(first.startswith(word.removesuffix(DOTS)) for word in words) for first in firsts)


@pytest.mark.parametrize("kind", ["distribution", "tally", "availability"])
def test_the_column_of_labels_has_room_for_the_widest(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The renderer measures the stand-ins only, so what is printed must not need more room than they have."""
    monkeypatch.setattr(Words, "area", lambda _, code: f"{code} {'Ж' * 40}")
    short = FIGURES[kind](invented_site("ru")).svg
    monkeypatch.setattr(f"orchestration.release.site.charts.{kind}.stand_ins", _themselves)
    whole = FIGURES[kind](invented_site("ru")).svg
    assert root_of(short).get("viewBox") == root_of(whole).get("viewBox")
    assert letters(short) == letters(whole)


def _themselves(names: Iterable[str], most: float, size: float) -> dict[str, str]:
    """As stand_ins, but the renderer measures the labels."""
    return {cut: cut for name in names if (cut := shortened(name, most, size))}
