"""One browser and one site for all tests of this folder.

What belongs here: starting Chromium, the invented release as a site and its other pages, a page that keeps a
log of its requests. What does not: the release itself (tests/site/world.py).
"""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from orchestration.release.site.build import build_site
from tests.browser.alone import write_alone
from tests.machine import find_browser
from tests.site import world

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE = 120_000
"""Milliseconds a page may take: the tests judge pages, not the load of the machine."""
OpenPage = Callable[..., Page]
Contexts = Callable[..., BrowserContext]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the invented release with its map, in its folder of the bundle."""
    dest = tmp_path_factory.mktemp("browser") / "site"
    world.write_bundle_files(dest.parent)
    build_site(dest, world.tables(), world.facts(maps_cleared=True))
    return dest


@pytest.fixture(scope="session")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages of a release outside its site."""
    folder = tmp_path_factory.mktemp("alone") / "pages"
    folder.mkdir()
    write_alone(folder)
    return folder


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium without a window and without any traffic of its own."""
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=find_browser(), args=list(QUIET))
        yield found
        found.close()


@pytest.fixture(scope="session")
def contexts(browser: Browser) -> Contexts:
    """One context for each set of options, because a new one costs more than a page; pages store nothing."""

    @cache
    def found(**options: Any) -> BrowserContext:
        return browser.new_context(**options)

    return found


@pytest.fixture
def open_page(contexts: Contexts, site: Path) -> Iterator[OpenPage]:
    """A factory: `open_page("en/index.html", width=360)`, a path below the site or a whole one.

    `page.requested` lists the requests, `page.troubles` those that failed and what stands in the console.

    `tested` lets the test's own script in, which the policy of a page refuses.
    """
    pages = []

    def opened(path: str, width: int = 1280, script: bool = True, tested: bool = False) -> Page:
        page = contexts(java_script_enabled=script, bypass_csp=tested).new_page()
        page.set_default_timeout(PATIENCE)
        pages.append(page)
        page.set_viewport_size({"width": width, "height": 900})
        page.requested, page.troubles = [], []
        page.on("request", lambda request: page.requested.append(request.url))
        page.on("requestfailed", lambda request: page.troubles.append(request.url))
        page.on("console", lambda message: page.troubles.append(message.text))
        page.goto((site / path).as_uri())
        return page

    yield opened
    for page in pages:
        page.close()
