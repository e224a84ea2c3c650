"""One browser and one site for all tests of this folder.

What belongs here: starting Chromium, the invented release as a site, a page that keeps a log of its requests.
What does not: the release itself (tests/site/world.py).
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from orchestration.release.site.build import build_site
from tests.browser.plugin import find_browser
from tests.site import world

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the invented release with its map, in its folder of the bundle."""
    dest = tmp_path_factory.mktemp("browser") / "site"
    world.write_bundle_files(dest.parent)
    build_site(dest, world.tables(), world.facts(maps_cleared=True))
    return dest


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium without a window and without any traffic of its own."""
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=find_browser(), args=list(QUIET))
        yield found
        found.close()


@pytest.fixture
def open_page(browser: Browser, site: Path) -> Iterator[OpenPage]:
    """A factory: `open_page("en/index.html", width=360)`; `page.requested` lists the page's requests."""
    contexts = []

    def opened(path: str, width: int = 1280, script: bool = True, **more: Any) -> Page:
        size = {"width": width, "height": 900}
        context = browser.new_context(viewport=size, java_script_enabled=script, **more)
        contexts.append(context)
        page = context.new_page()
        page.requested = []
        page.on("request", lambda request: page.requested.append(request.url))
        page.goto((site / path).as_uri())
        return page

    yield opened
    for context in contexts:
        context.close()
