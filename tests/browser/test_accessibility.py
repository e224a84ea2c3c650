"""No page breaks a rule of axe-core, none scrolls sideways, none writes to the console."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import OpenPage
from tests.browser.kinds import KINDS, LANGUAGES, WIDTHS, folders_and_names

EVERY = [(language, path) for language in LANGUAGES for path in KINDS]
SCROLLED = "document.documentElement.scrollWidth"


def violations(page) -> list[tuple[str, str]]:
    """The rules of axe-core which the page breaks, each with its first place."""
    found = Axe().run(page).response["violations"]
    return [(rule["id"], rule["nodes"][0]["html"][:200]) for rule in found]


def resize(page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})


@pytest.mark.parametrize(("language", "path"), EVERY)
def test_no_page_breaks_a_rule(open_page: OpenPage, language: str, path: str) -> None:
    page = open_page(f"{language}/{path}", tested=True)
    for width in WIDTHS:
        resize(page, width)
        assert (width, violations(page)) == (width, [])


@pytest.mark.parametrize(("language", "path"), EVERY)
def test_no_page_scrolls_sideways(open_page: OpenPage, language: str, path: str) -> None:
    page = open_page(f"{language}/{path}")
    for width in (320, *WIDTHS):
        resize(page, width)
        assert page.evaluate(SCROLLED) <= width
    # Letters of twice the size, in a window as wide as a phone held upright and as a small screen.
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    for width in (640, 1280):
        resize(page, width)
        assert page.evaluate(SCROLLED) <= width


def test_the_chooser_breaks_no_rule(open_page: OpenPage) -> None:
    assert violations(open_page("index.html", width=360, tested=True)) == []


def test_a_defect_is_found(open_page: OpenPage) -> None:
    page = open_page("en/index.html", tested=True)
    page.evaluate("document.querySelector('main').innerHTML += '<button></button><img src=x>'")
    assert {rule for rule, _ in violations(page)} >= {"button-name", "image-alt"}


def test_no_kind_of_page_is_forgotten(site) -> None:
    named = {
        "analysis/gaps-*"
        if path.startswith("analysis/gaps-")
        else path
        if path.endswith("index.html") or path.partition("/")[0] not in COVERED
        else f"{path.partition('/')[0]}/*"
        for path in KINDS
    }
    assert folders_and_names(site, "en") == named


COVERED = ("indicators", "countries", "progress", "embeds")
