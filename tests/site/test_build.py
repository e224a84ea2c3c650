"""Building the site: the same bytes each time, and a refusal for each gap."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from connectors.errors import CheckError
from orchestration.release.site.build import build_site, collect_pages, open_site
from orchestration.release.site.model import ReleaseTables
from orchestration.release.site.render import Page, render_page, site_environment
from tests.site import world

REPOSITORY = Path(__file__).resolve().parents[2]
AGAIN = """
import sys
from pathlib import Path
from orchestration.release.site.build import build_site
from tests.site import world
build_site(Path(sys.argv[1]), dict(reversed(world.tables().items())), world.facts())
"""
HOME_LIMIT = 300_000  # bytes of the home page with everything it loads


def content(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def replaced(tables: Mapping[str, pa.Table], name: str, column: str, value: object) -> dict[str, pa.Table]:
    """The tables with one column of one table set to `value` wherever it is not null."""
    table = tables[name]
    position = table.schema.get_field_index(column)
    changed = pc.if_else(pc.is_valid(table[column]), pa.scalar(value, table.schema.field(column).type), None)
    return {**tables, name: table.set_column(position, table.schema.field(column), changed)}


def test_two_builds_give_the_same_bytes(built: Path, tmp_path: Path) -> None:
    """In another process, time zone, locale and order of tables, with another hash seed."""
    again = tmp_path / "again"
    elsewhere = {"TZ": "Pacific/Kiritimati", "LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "7"}
    subprocess.run(
        [sys.executable, "-c", AGAIN, str(again)], check=True, env={**os.environ, **elsewhere}, cwd=REPOSITORY
    )
    assert content(again) == content(built)


def test_a_folder_that_holds_something_is_refused(invented: Mapping[str, pa.Table], tmp_path: Path) -> None:
    (tmp_path / "old.html").write_text("old")
    with pytest.raises(CheckError, match="not empty"):
        build_site(tmp_path, invented, world.facts())


def test_a_missing_table_is_refused_by_name(invented: Mapping[str, pa.Table], tmp_path: Path) -> None:
    short = {name: table for name, table in invented.items() if name != "rpt_agreement"}
    with pytest.raises(CheckError, match="rpt_agreement"):
        build_site(tmp_path / "site", short, world.facts())


def test_a_missing_name_of_a_country_is_refused(invented: Mapping[str, pa.Table], tmp_path: Path) -> None:
    nameless = replaced(invented, "rpt_area", "name_ru", "")
    with pytest.raises(CheckError, match="has no name in ru"):
        build_site(tmp_path / "site", nameless, world.facts())


def test_a_changed_reason_of_an_empty_slot_asks_for_new_translations(
    invented: Mapping[str, pa.Table], tmp_path: Path
) -> None:
    drifted = replaced(invented, "rpt_indicator", "slot_reason", "Another reason.")
    with pytest.raises(CheckError, match=r"slot\.P11"):
        build_site(tmp_path / "site", drifted, world.facts())


def test_a_status_without_words_is_refused(invented: Mapping[str, pa.Table], tmp_path: Path) -> None:
    unknown = replaced(invented, "rpt_agreement", "m1_status", "excellent")
    with pytest.raises(CheckError, match="excellent"):
        build_site(tmp_path / "site", unknown, world.facts())


@pytest.mark.parametrize("what", ["title", "citation", "licence"])
def test_facts_in_two_languages_are_refused(what: str) -> None:
    with pytest.raises(CheckError, match=f"{what} has no text in ru"):
        world.facts(**{what: {"en": "a", "fr": "b", "ru": ""}})


def test_a_link_to_no_page_is_refused(invented: Mapping[str, pa.Table]) -> None:
    site = open_site("en", ReleaseTables(invented), world.facts())
    page = Page("x.html", "home.html.j2", "X", {}, (("gone.html", "Gone"),))
    with pytest.raises(CheckError, match=r"en/x\.html links to"):
        render_page(site_environment(), site, page, {"x.html": page})


def test_without_the_mark_nothing_says_illustrative(
    built: Path, invented: Mapping[str, pa.Table], tmp_path: Path
) -> None:
    assert "ILLUSTRATIVE" in (built / "en" / "index.html").read_text("utf-8")
    build_site(tmp_path / "site", invented, world.facts(illustrative=False))
    for path in (tmp_path / "site").rglob("*.html"):
        text = path.read_text("utf-8")
        assert "ILLUSTRATIVE" not in text and "data-mark" not in text


def test_home_stays_light(built: Path) -> None:
    loaded = sum(path.stat().st_size for path in (built / "static").rglob("*") if path.suffix != ".txt")
    for language in ("en", "fr", "ru"):
        assert (built / language / "index.html").stat().st_size + loaded < HOME_LIMIT


def test_one_path_is_one_page(invented: Mapping[str, pa.Table], monkeypatch: pytest.MonkeyPatch) -> None:
    site = open_site("en", ReleaseTables(invented), world.facts())
    page = Page("x.html", "home.html.j2", "X", {})
    monkeypatch.setattr("orchestration.release.site.build.PAGE_KINDS", (lambda _: iter([page, page]),))
    with pytest.raises(CheckError, match=r"Two pages of the site are called x\.html"):
        collect_pages(site)
