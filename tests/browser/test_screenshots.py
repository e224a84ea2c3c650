"""The pictures in the guide are those that the script takes, small, with the mark of illustrative data."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.screenshots import MOST_BYTES, PICTURES, ROOT, SHOTS, take

SHOWN = re.compile(r"!\[[^\]]+\]\(screenshots/([a-z-]+)\.png\)")


def test_every_picture_is_shown_and_small() -> None:
    taken = {shot.name for shot in SHOTS}
    assert {path.stem for path in PICTURES.iterdir()} == taken
    assert set(SHOWN.findall((ROOT / "docs" / "secretariat.md").read_text("utf-8"))) == taken
    assert [path.name for path in PICTURES.iterdir() if path.stat().st_size > MOST_BYTES] == []


@pytest.mark.parametrize("name", ["home-phone", "map"])
def test_a_picture_can_be_taken_again(browser: Browser, site: Path, tmp_path: Path, name: str) -> None:
    shot = next(shot for shot in SHOTS if shot.name == name)
    image = take(browser, site, shot, tmp_path).read_bytes()
    assert (int.from_bytes(image[16:20]), int.from_bytes(image[20:24])) == (shot.width, shot.height)


def test_a_page_without_the_mark_is_refused(browser: Browser, site: Path, tmp_path: Path) -> None:
    (tmp_path / "static").symlink_to(site / "static")
    hidden = (site / "en" / "index.html").read_text("utf-8").replace('class="mark"', 'class="mark" hidden')
    (tmp_path / "page.html").write_text(hidden, encoding="utf-8")
    with pytest.raises(ValueError, match="not in the picture"):
        take(browser, tmp_path, replace(SHOTS[0], path="page.html"), tmp_path)
