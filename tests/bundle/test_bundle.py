from pathlib import Path

from orchestration.release.bundle_check import check_bundle


def test_a_finished_bundle_passes_its_own_check(finished: Path) -> None:
    assert [str(finding) for finding in check_bundle(finished)] == []
