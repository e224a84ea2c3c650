"""The pictures of the site in docs/screenshots: `python -m tests.browser.screenshots [FOLDER OF A SITE]`.

What belongs here: which part of which page is shown, and taking the pictures. What does not: looking at them,
which a person does. Without a folder the site of the sample's candidate is shown (`make release` builds it);
its figures are invented, and every picture shows the mark that says so.
"""

import sys
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.machine import find_browser

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "docs" / "screenshots"
SAMPLE = ROOT / ".circularity" / "sample" / "releases" / "sample-2026.1" / "candidate" / "site"
MOST_BYTES = 150_000
MARK = ".mark"
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")


@dataclass(frozen=True)
class Shot:
    """A picture of `path`, as wide and as high as a window of that size shows it from `part` on."""

    name: str
    path: str
    width: int = 900
    height: int = 640
    part: str = "body"


SHOTS = (
    Shot("home", "en/index.html"),
    Shot("home-phone", "ru/index.html", 360, 720),
    Shot("progress", "fr/progress/unece.html", 1280, 760, ".key"),
    Shot("indicator", "en/indicators/W07.html", 1000, 900),
    Shot("country", "ru/countries/ALB.html", 1000, 760, ".key"),
    Shot("map", "en/index.html", 900, 700, "#member-states"),
)


def take(browser: Browser, site: Path, shot: Shot, folder: Path) -> Path:
    """Write the picture into `folder`. Raises ValueError if it would be too large or without the mark."""
    page = browser.new_page(viewport={"width": shot.width, "height": shot.height})
    page.set_default_timeout(120_000)
    page.goto((site / shot.path).as_uri())
    # The mark stands at the head of a page: for a part further down it comes along.
    page.evaluate(
        """([mark, part]) => {
            const held = document.querySelector(mark);
            Object.assign(held.style, { position: 'fixed', top: 0, left: 0, right: 0, zIndex: 9 });
            document.body.style.paddingTop = `${held.offsetHeight}px`;
            const top = document.querySelector(part).getBoundingClientRect().top + window.scrollY;
            window.scrollTo(0, part === 'body' ? 0 : top - held.offsetHeight - 12);
        }""",
        [MARK, shot.part],
    )
    if not page.locator(MARK).is_visible():
        raise ValueError(f"{shot.name}: the mark of illustrative data is not in the picture.")
    target = folder / f"{shot.name}.png"
    page.screenshot(path=target)
    page.close()
    if target.stat().st_size > MOST_BYTES:
        raise ValueError(f"{shot.name}: {target.stat().st_size} bytes are more than {MOST_BYTES}.")
    return target


def main(site: Path) -> None:
    """Take every picture."""
    if not site.is_dir():
        raise SystemExit("There is no site to show. Run `make release` first, or name the folder of a site.")
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=list(QUIET))
        for shot in SHOTS:
            print(take(browser, site.resolve(), shot, PICTURES).relative_to(ROOT))
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else SAMPLE)
