"""The same lock again, with the same code: `build` does nothing, and only then."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from orchestration.release.build import build_release
from orchestration.release.code_identity import CodeIdentity
from orchestration.release.files import hash_folder
from orchestration.release.lock import lock_release
from orchestration.release.state import State
from tests.release.conftest import FakeGate, World, put_vintage
from tests.release.invented import export_tables

NOTHING = "build: 2026.1: nothing to do, built from the same lock by the same code"


class FakeDbt:
    """Stands for dbt: counts its runs and exports the invented tables with `value`."""

    value = 1.5
    runs = 0

    def run(self, dbt_project_dir: Path, warehouse: Path) -> Iterator[str]:
        self.runs += 1
        export_tables(warehouse / "export", self.value, "on track", False)
        for name in ("dim_area", "fct_observation"):
            pl.DataFrame({"v": [self.value]}).write_parquet(warehouse / "export" / f"{name}.parquet")
        yield "dbt: done"


@pytest.fixture
def dbt(monkeypatch: pytest.MonkeyPatch) -> FakeDbt:
    fake = FakeDbt()
    monkeypatch.setattr("orchestration.release.build.run_dbt", fake.run)
    return fake


def build(world: World) -> list[str]:
    told: list[str] = []
    build_release(world.ctx, now=world.tick(), say=told.append)
    return told


@pytest.fixture
def built(world: World, dbt: FakeDbt) -> World:
    world.plan()
    world.lock()
    assert build(world) == ["dbt: done"]
    return world


def test_the_same_lock_and_code_again_is_a_no_op_and_says_so(built: World, dbt: FakeDbt) -> None:
    before = hash_folder(built.ctx.root)
    assert build(built) == [NOTHING]
    assert dbt.runs == 1 and hash_folder(built.ctx.root) == before


def test_a_candidate_keeps_its_state_when_it_is_built_again(
    built: World, dbt: FakeDbt, gate: FakeGate
) -> None:
    built.check()
    built.candidate()
    assert build(built) == [NOTHING]
    assert dbt.runs == 1 and built.state() is State.CANDIDATE


def _spoil(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b" ")


def _forget_code(world: World) -> None:
    """A mark as it was written before it named the code."""
    mark = world.paths.staging_dir / "complete.json"
    mark.write_text(json.dumps({k: v for k, v in json.loads(mark.read_text()).items() if k != "code"}))


def _forget_record(world: World) -> None:
    """Killed after staging appeared and before it was recorded."""
    content = json.loads(world.paths.state_file.read_text())
    del content["hashes"]["data"]
    world.paths.state_file.write_text(json.dumps(content))


@pytest.mark.parametrize(
    "change",
    [
        lambda world: _spoil(world.paths.staging_dir / "data" / "rpt_target.parquet"),
        lambda world: (world.paths.staging_dir / "complete.json").unlink(),
        lambda world: _spoil(world.paths.warehouse_dir / "export" / "dim_area.parquet"),
        lambda world: (world.paths.warehouse_dir / "export" / "rpt_target.parquet").unlink(),
        lambda world: (world.paths.warehouse_dir / "exported.json").unlink(),
        lambda world: (world.paths.warehouse_dir / "input" / "prepared.json").unlink(),
        lambda world: _spoil(world.paths.current_dir / "dim_area.parquet"),
        lambda world: (world.paths.current_dir / "fct_observation.parquet").unlink(),
        lambda world: world.paths.current_dir.unlink(),
        _forget_code,
        _forget_record,
    ],
)
def test_anything_missing_or_changed_is_made_again(
    built: World, dbt: FakeDbt, change: Callable[[World], None]
) -> None:
    before = {name: hash_folder(folder) for name, folder in _places(built).items()}
    change(built)
    assert build(built) == ["dbt: done"]
    assert dbt.runs == 2
    assert {name: hash_folder(folder) for name, folder in _places(built).items()} == before
    assert build(built) == [NOTHING]


def _places(world: World) -> dict[str, Path]:
    paths = world.paths
    return {"staging": paths.staging_dir, "warehouse": paths.warehouse_dir, "current": paths.current_dir}


def test_a_new_lock_is_built(built: World, dbt: FakeDbt) -> None:
    put_vintage(built.store, 2.5, "2026-01-05", sequence=2)
    built.lock()
    assert build(built) == ["dbt: done"]


def test_a_dirty_tree_is_always_built_again(built: World, dbt: FakeDbt) -> None:
    dirty = replace(built.ctx, code=CodeIdentity(commit="a" * 40, dirty=True))
    lock_release(dirty, now=built.tick())
    world = replace(built, ctx=dirty)
    for runs in (2, 3):
        assert build(world) == ["dbt: done"]
        assert dbt.runs == runs


def test_other_code_builds_again_for_a_lock_that_names_no_exact_code(built: World, dbt: FakeDbt) -> None:
    lock_release(replace(built.ctx, code=CodeIdentity(commit="a" * 40, dirty=True)), now=built.tick())
    assert build(built) == ["dbt: done"]
    assert build(built) == [NOTHING]
    other = replace(built, ctx=replace(built.ctx, code=CodeIdentity(commit="b" * 40, dirty=False)))
    assert build(other) == ["dbt: done"]
    assert build(other) == [NOTHING]
    assert build(built) == ["dbt: done"]


def test_current_belongs_to_the_last_build(built: World, dbt: FakeDbt) -> None:
    """Another release was built in between: the warehouse and current/ are no longer this one's."""
    other = built.of("2026.2")
    other.plan()
    other.lock()
    dbt.value = 2.5
    assert build(other) == ["dbt: done"]
    assert pl.read_parquet(built.paths.current_dir / "dim_area.parquet")["v"].item() == 2.5
    dbt.value = 1.5
    assert build(built) == ["dbt: done"]
    assert pl.read_parquet(built.paths.current_dir / "dim_area.parquet")["v"].item() == 1.5
    assert build(built) == [NOTHING]
