"""The site inside the bundle: which files, the same bytes each time, nothing that the lock does not say."""

import re
from collections.abc import Callable
from pathlib import Path
from shutil import rmtree

import pytest

from orchestration.release.bundle_check import check_files
from orchestration.release.checksums import hash_file, read_sums
from orchestration.release.site.model import TABLES, has_site
from tests.bundle.conftest import Staged
from tests.bundle.site_release import stage_site

HOME_LIMIT = 300_000
"""Bytes of the home page of a language with everything it loads (release.md, section 9)."""
DUCKDB = "ILLUSTRATIVE_circularity.duckdb"


@pytest.fixture(scope="module")
def staged_site(tmp_path_factory: pytest.TempPathFactory) -> Staged:
    return stage_site(tmp_path_factory.mktemp("staging"))


@pytest.fixture(scope="module")
def whole(staged_site: Staged, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished bundle with its site; tests which change it take `copy_of`."""
    folder = tmp_path_factory.mktemp("whole") / "candidate"
    written = staged_site.write(folder)
    assert [str(finding) for finding in written.findings] == []
    return folder


def hashes(folder: Path) -> dict[str, str]:
    return {p.relative_to(folder).as_posix(): hash_file(p) for p in folder.rglob("*") if p.is_file()}


def test_the_site_stands_in_the_bundle_in_three_languages(whole: Path) -> None:
    site = whole / "site"
    assert sorted(path.name for path in site.iterdir()) == [
        *(f"ILLUSTRATIVE_progress_{language}.pdf" for language in ("en", "fr", "ru")),
        *("en", "fr", "index.html", "ru", "static"),
    ]
    pages = [
        {p.relative_to(site / lang).as_posix() for p in (site / lang).rglob("*")} for lang in ("en", "fr")
    ]
    assert pages[0] == pages[1] and "data/index.html" in pages[0]
    assert {name for name in hashes(whole) if name.startswith("site/")} <= set(read_sums(whole)[0])


def test_the_same_release_gives_the_same_site(whole: Path, staged_site: Staged, tmp_path: Path) -> None:
    """Made again from the same staged data, in other processes, in another folder."""
    assert staged_site.write(tmp_path / "again").findings == ()
    one, two = hashes(whole), hashes(tmp_path / "again")
    assert {name for name in one if one[name] != two.get(name)} == set()
    assert set(one) == set(two)


@pytest.mark.parametrize("language", ["en", "fr", "ru"])
def test_the_page_of_downloads_lists_the_finished_files(whole: Path, language: str) -> None:
    page = (whole / "site" / language / "data" / "index.html").read_text(encoding="utf-8")
    told = dict(
        re.findall(r'href="\.\./\.\./\.\./([^"]+)"[^>]*>[^<]+</a></th>.*?class="hash">([0-9a-f]{64})<', page)
    )
    others = {n: h for n, h in hashes(whole).items() if not n.startswith("site/")}
    after = {"bundle-check.json", "SHA256SUMS"}
    assert told == {name: found for name, found in others.items() if name not in after}
    assert f'href="../../../{DUCKDB}"' in page


@pytest.mark.parametrize("language", ["en", "fr", "ru"])
def test_home_stays_light(whole: Path, language: str) -> None:
    site = whole / "site"
    loaded = sum(path.stat().st_size for path in (site / "static").rglob("*") if path.suffix != ".txt")
    assert (site / language / "index.html").stat().st_size + loaded < HOME_LIMIT


def test_a_bundle_without_its_site_is_found(whole: Path, copy_of: Callable[[Path], Path]) -> None:
    bundle = copy_of(whole)
    rmtree(bundle / "site")
    assert "site: is missing." in {str(finding) for finding in check_files(bundle)}


def test_a_page_that_nobody_made_is_found(whole: Path, copy_of: Callable[[Path], Path]) -> None:
    bundle = copy_of(whole)
    (bundle / "site" / "en" / "more.html").write_bytes((bundle / "site" / "en" / "index.html").read_bytes())
    assert any(finding.file == "site/en/more.html" for finding in check_files(bundle))


def test_a_site_beside_tables_that_give_none_is_found(
    finished: Path, copy_of: Callable[[Path], Path]
) -> None:
    bundle = copy_of(finished)
    (bundle / "site").mkdir()
    (bundle / "site" / "index.html").write_text("<p>", encoding="utf-8")
    assert "site/index.html: does not belong to a bundle." in {str(f) for f in check_files(bundle)}


@pytest.mark.parametrize("name", TABLES)
def test_a_release_without_one_of_its_tables_has_no_site(name: str) -> None:
    assert has_site(TABLES) and has_site(name for name in TABLES if name != "revisions")
    assert has_site([other for other in TABLES if other != name]) == (name == "revisions")
