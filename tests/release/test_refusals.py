"""Refusals that rest on what the candidate holds or where it has to go; and that no point lacks its test."""

import os
from collections.abc import Callable

import pytest
import yaml

from expectations.report import GateReport
from orchestration.release import check
from orchestration.release.checksums import write_sums
from orchestration.release.refusals import Refusal
from tests.release.conftest import FakeGate, Person, World
from tests.release.publishing import assert_refused
from tests.release.refusals import POINTS, find_tests, render_table

People = dict[str, Person]


@pytest.mark.parametrize("point", POINTS)
def test_every_point_is_refused_in_a_test(point: int) -> None:
    assert find_tests()[point]


def test_the_table_has_a_row_for_each_sentence() -> None:
    seen = [Refusal(check=12, code=5, sentence="Full."), *[Refusal(check=2, code=1, sentence="a|b")] * 2]
    assert render_table(seen).splitlines()[2:] == [
        f"| 2 | {POINTS[2]} | a\\|b | 1 |",
        f"| 12 | {POINTS[12]} | Full. | 5 |",
    ]


def test_a_lock_exchanged_in_the_bundle(signed: World) -> None:
    lock = signed.paths.bundle_dir / "lock.json"
    lock.write_bytes(lock.read_bytes() + b"\n")
    write_sums(signed.paths.bundle_dir)
    assert_refused(signed, 3, 1, "lock.json in the bundle is not the recorded lock.")


def test_a_gate_that_gives_other_results_now(
    signed: World, gate: FakeGate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check, "run_gate", _with_other_files(gate.run))
    assert_refused(signed, 4, 1, "run again now, does not give the results that stand in gate.json")


def _with_other_files(run: Callable[..., GateReport]) -> Callable[..., GateReport]:
    def other(*args: object, **given: object) -> GateReport:
        return run(*args, **given).model_copy(update={"files": {"data/rpt_target.parquet": "0" * 64}})

    return other


def test_rows_of_a_source_that_may_not_appear(world: World, gate: FakeGate, people: People) -> None:
    write_licences = world.approve_licences

    def withhold() -> None:
        write_licences()
        path = world.paths.decisions_dir / "licences.yaml"
        content = yaml.safe_load(path.read_text())
        own = content["datasets"]["unsd/alpha"]
        content["datasets"]["unsd/sdg_12_2"] = own | {"rows_may_appear": False}
        path.write_text(yaml.safe_dump(content))

    world.approve_licences = withhold
    world.prepare(people)
    assert_refused(world, 10, 3, "Rows of unsd/sdg_12_2 may not appear, and the release has some.")


def test_a_folder_that_may_not_be_written(signed: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert_refused(signed, 12, 5, "The folder of releases is not writable by you.")
