"""Every check of a finished bundle turns red at its seeded defect, and is green without it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from orchestration.release.bundle_check import CHECKS, read_content, report_of
from tests.bundle.seeded import OF_FILES, OF_SITE
from tests.bundle.site_release import stage_site


@pytest.fixture(scope="module")
def with_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("seeded") / "candidate"
    written = stage_site(tmp_path_factory.mktemp("staging")).write(folder)
    assert [str(finding) for finding in written.findings] == []
    return folder


def verdict(bundle: Path, name: str) -> str:
    return str(report_of(list(CHECKS[name](read_content(bundle))), "x", illustrative=True)["checks"][name])


def test_every_check_has_its_defect() -> None:
    assert {*OF_FILES, *OF_SITE} == set(CHECKS)


@pytest.mark.parametrize("name", OF_FILES)
def test_a_check_of_files_turns_red(finished: Path, copy_of: Callable[[Path], Path], name: str) -> None:
    bundle = copy_of(finished)
    OF_FILES[name][1](bundle)
    assert verdict(bundle, name) == "fail"


@pytest.mark.parametrize("name", OF_SITE)
def test_a_check_of_the_site_turns_red(with_site: Path, copy_of: Callable[[Path], Path], name: str) -> None:
    bundle = copy_of(with_site)
    OF_SITE[name][1](bundle)
    assert verdict(bundle, name) == "fail"
