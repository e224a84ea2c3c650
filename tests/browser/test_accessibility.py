"""No page of a release, in its site or outside, breaks a rule of axe-core or scrolls sideways."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.alone import PAGES
from tests.browser.conftest import OpenPage
from tests.browser.kinds import KINDS, LANGUAGES, WIDTHS, folders_and_names

EVERY = [(language, path) for language in LANGUAGES for path in KINDS]
TEMPLATES = Path(__file__).parents[2] / "orchestration" / "release" / "templates"
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


@pytest.mark.parametrize("name", PAGES)
def test_no_page_outside_the_site_breaks_a_rule_or_scrolls(
    open_page: OpenPage, alone: Path, name: str
) -> None:
    page = open_page(str(alone / name), tested=True)
    for closed in page.locator("details:not([open])").element_handles():
        closed.evaluate("element => { element.open = true }")
    for width in WIDTHS:
        resize(page, width)
        assert (width, violations(page)) == (width, [])
    resize(page, 320)
    assert page.evaluate(SCROLLED) <= 320


def test_no_page_outside_the_site_is_forgotten(alone: Path) -> None:
    """Each template of a whole page that lies beside those of the site."""
    assert {path.name for path in alone.iterdir()} == set(PAGES)
    templates = {path.name.partition(".")[0] for path in TEMPLATES.glob("*.html.j2")}
    assert templates == {"gate", "method", "notice"}
    assert templates <= {name.partition(".")[0].partition("_")[0] for name in PAGES}


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
