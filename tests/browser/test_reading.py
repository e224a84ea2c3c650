"""Keyboard, no script, no foreign request, light pages, frames."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import OpenPage
from tests.browser.kinds import KINDS, LANGUAGES

HOME_LIMIT = 300_000
COUNTED = {
    "en": ("1 row found", "4 rows found"),
    "fr": ("1 ligne trouvée", "4 lignes trouvées"),
    "ru": ("Найдена 1 строка", "Найдены 4 строки"),
}
NAMES = {"en": "Austria", "fr": "Autriche", "ru": "Австрия"}


def tab_to(page: Page, wanted: str, most: int = 60) -> None:
    """Press Tab until the element that matches `wanted` has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", wanted):
            return
    raise AssertionError(f"no way by keyboard to {wanted}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_table_sorts_by_keyboard(open_page: OpenPage, language: str) -> None:
    page = open_page(f"{language}/countries/index.html")
    names = "[...document.querySelectorAll('#countries tbody th')].map(cell => cell.textContent.trim())"
    before = page.evaluate(names)
    tab_to(page, "#countries thead th:first-child button")
    head = page.locator("#countries thead th").first
    assert head.get_attribute("aria-sort") is None
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "ascending"
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "descending"
    assert page.evaluate(names) == before[::-1]
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert head.get_attribute("aria-sort") is None
    assert page.locator("#countries thead th").nth(1).get_attribute("aria-sort") == "ascending"


def test_numbers_sort_by_size_and_empty_cells_come_last(open_page: OpenPage) -> None:
    page = open_page("en/indicators/W07.html")
    table = page.locator("table[id^=countries]").first
    table.locator("thead button").nth(1).click()
    cells = table.locator("tbody td:nth-child(2)")
    values = [cell.query_selector("data") for cell in cells.element_handles()]
    sizes = [float(value.get_attribute("value")) for value in values if value]
    assert sizes == sorted(sizes) and len(sizes) == 3
    assert values[-1] is None


@pytest.mark.parametrize("heading", ["Methods agreeing", "Target", "Countries"])
def test_a_series_without_the_figure_comes_last_in_both_directions(open_page: OpenPage, heading: str) -> None:
    """Of the two series of the first group one has neither agreement nor target; the other column is full."""
    page = open_page("en/progress/unece.html")
    button = page.locator("#progress thead button").filter(has_text=heading)
    place = 1 + button.evaluate("button => button.parentElement.cellIndex")
    cells = page.locator(f"#progress tbody:nth-of-type(1) tr:not(.group) > :nth-child({place})")
    for _ in ("ascending", "descending"):
        button.click()
        has_number = [cell.locator("data").count() > 0 for cell in cells.all()]
        assert has_number == [True, heading == "Countries"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_filter_says_how_many_rows_it_found(open_page: OpenPage, language: str) -> None:
    page = open_page(f"{language}/countries/index.html")
    tab_to(page, "#countries-filter")
    said = page.locator(".filter [role=status][aria-live=polite]")
    assert said.text_content() == ""
    page.keyboard.type(NAMES[language][:5].lower())
    one, all_of_them = COUNTED[language]
    said.filter(has_text=one).wait_for()
    assert page.locator("#countries tbody tr:visible").count() == 1
    for _ in range(5):
        page.keyboard.press("Backspace")
    said.filter(has_text=all_of_them).wait_for()


def test_the_first_tab_leads_past_the_navigation(open_page: OpenPage) -> None:
    page = open_page("fr/index.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


@pytest.mark.parametrize("path", KINDS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_without_script_the_same_text_is_there(open_page: OpenPage, language: str, path: str) -> None:
    def words(script: bool) -> list[str]:
        page = open_page(f"{language}/{path}", script=script)
        for closed in page.locator("details:not([open])").element_handles():
            closed.evaluate("element => { element.open = true }")
        # The filter is of no use without its script, which shows it.
        return [
            text
            for text in page.locator("main").inner_text().split("\n")
            if text.strip() and not text.startswith(tuple(FILTERS))
        ]

    assert sorted(words(False)) == sorted(words(True))


FILTERS = ("Filter by", "Filtrer par", "Отбор по")


@pytest.mark.parametrize("path", KINDS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_request_leaves_the_folder(open_page: OpenPage, site: Path, language: str, path: str) -> None:
    page = open_page(f"{language}/{path}")
    page.wait_for_load_state("networkidle")
    assert page.troubles == []
    assert len(page.requested) > 3
    assert [url for url in page.requested if not url.startswith(site.as_uri())] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_home_is_light(open_page: OpenPage, site: Path, language: str) -> None:
    page = open_page(f"{language}/index.html")
    page.wait_for_load_state("networkidle")
    loaded = {Path(url.removeprefix("file://")) for url in page.requested}
    assert len(loaded) >= 5  # page, style, script, two fonts
    assert sum(path.stat().st_size for path in loaded) < HOME_LIMIT


def test_a_figure_can_be_framed(open_page: OpenPage, site: Path) -> None:
    page = open_page("index.html", tested=True)
    page.evaluate(
        "address => document.body.insertAdjacentHTML('beforeend', `<iframe src=${address}></iframe>`)",
        json.dumps((site / "en" / "embeds" / "map.html").as_uri()),
    )
    frame = page.frame_locator("iframe")
    frame.locator("figure svg").first.wait_for()
    assert frame.locator("nav").count() == 0
    assert frame.locator("a[target=_top]").count() == 1


def test_on_paper_the_mark_stays_light_and_what_cannot_be_pressed_is_gone(open_page: OpenPage) -> None:
    page = open_page("en/index.html")
    assert page.locator(".figure-files").first.is_visible()
    page.emulate_media(media="print", color_scheme="dark")
    mark = "getComputedStyle(document.body, '::before')"
    assert page.evaluate(f"{mark}.printColorAdjust") == "exact"
    assert page.evaluate(f"{mark}.content") == '"ILLUSTRATIVE DATA – NOT FOR PUBLICATION"'
    for gone in (".figure-files", ".figure-data", ".languages", ".filter", ".main"):
        assert [one for one in page.locator(gone).all() if one.is_visible()] == []


def test_on_paper_the_components_of_an_indicator_are_unfolded(open_page: OpenPage) -> None:
    page = open_page("en/indicators/T05.html")
    parts = page.locator("details.part").locator("table[id^=countries], .drawing")

    def shown() -> list[bool]:
        return [part.evaluate("part => part.checkVisibility()") for part in parts.all()]

    assert shown() == [False] * 4  # a chart and a table of countries for each of two components
    page.emulate_media(media="print")
    assert shown() == [True] * 4
    assert [one for one in page.locator(".figure-data").all() if one.is_visible()] == []


def test_every_figure_offers_its_files(open_page: OpenPage, site: Path) -> None:
    page = open_page("ru/index.html")
    links = page.locator("#member-states .figure-files a")
    assert links.all_inner_texts() == ["SVG", "PNG", "CSV"]
    for link in links.all():
        assert (site / "ru" / str(link.get_attribute("href"))).stat().st_size > 0
    offered = page.get_by_role("link", name="Сохранить рисунок в формате PNG")
    assert offered.count() == 1
