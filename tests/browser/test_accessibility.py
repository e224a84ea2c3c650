"""No page breaks a rule of axe-core, none scrolls sideways, none writes to the console."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import OpenPage
from tests.browser.kinds import KINDS, LANGUAGES, WIDTHS, folders_and_names

EVERY = [(language, path, width) for language in LANGUAGES for path in KINDS for width in WIDTHS]


def violations(page) -> list[tuple[str, str]]:
    """The rules of axe-core which the page breaks, each with its first place."""
    found = Axe().run(page).response["violations"]
    return [(rule["id"], rule["nodes"][0]["html"][:200]) for rule in found]


@pytest.mark.parametrize(("language", "path", "width"), EVERY)
def test_no_page_breaks_a_rule(open_page: OpenPage, language: str, path: str, width: int) -> None:
    # The test's own script would be refused by the page's policy.
    page = open_page(f"{language}/{path}", width=width, bypass_csp=True)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_chooser_breaks_no_rule(open_page: OpenPage) -> None:
    assert violations(open_page("index.html", width=360, bypass_csp=True)) == []


def test_a_defect_is_found(open_page: OpenPage) -> None:
    page = open_page("en/index.html", bypass_csp=True)
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


@pytest.mark.parametrize("path", KINDS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_scrolls_sideways_at_320_or_at_twice_the_size(
    open_page: OpenPage, language: str, path: str
) -> None:
    narrow = open_page(f"{language}/{path}", width=320)
    assert narrow.evaluate("document.documentElement.scrollWidth") <= 320
    narrow.evaluate("document.documentElement.style.fontSize = '200%'")
    narrow.set_viewport_size({"width": 640, "height": 900})
    assert narrow.evaluate("document.documentElement.scrollWidth") <= 640
