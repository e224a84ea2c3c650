"""O01 to O13: what was killed or half written is made again, and space and rights are asked for first.

Locks: test_operation_locks.py. What is noticed later: test_operation_watch.py.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from connectors.disk import require_space, require_writable
from connectors.errors import CheckError, StoreError
from connectors.inspection import inspect_store
from connectors.refresh import fetch_dataset
from connectors.registry import get_dataset
from connectors.store import Store
from orchestration.cli_refresh import describe_asked
from orchestration.release.build import build_release, collect_build
from orchestration.workplace import Workplace
from tests.faults.matrix import Found, fault
from tests.faults.operation_scene import KEY, NOW, ROOT, said
from tests.release.conftest import World, put_vintage
from tests.release.invented import TABLES


@fault("O01", "resumed at part {n}")
def test_a_fetch_goes_on_where_a_killed_one_stopped(
    row: Found, place: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec, store, real = get_dataset("unsd/sdg_12_c"), place.store(), Store.put_fetched

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with place.client() as client:
        monkeypatch.setattr(Store, "put_fetched", killed)
        with pytest.raises(KeyboardInterrupt):
            fetch_dataset(spec, client, store, NOW)
        monkeypatch.setattr(Store, "put_fetched", real)
        result = fetch_dataset(spec, client, store, NOW)
        assert result.manifests == {} and set(result.unchanged) == set(spec.parts)
        said(describe_asked(result), row)
        assert fetch_dataset(spec, client, store, NOW).resumed == 0


BUILD = """
import sys
from pathlib import Path
import pytest
from orchestration.release.build import build_release
from tests.release.conftest import fake_gate, open_world
patch = pytest.MonkeyPatch()
fake_gate(patch)
world = open_world(Path(sys.argv[1]), patch)
build_release(world.ctx, now=world.tick(hours=2), say=lambda line: print(line, flush=True))
"""


@fault("O03", "is incomplete: dbt did not finish")
def test_a_build_killed_inside_dbt_is_refused_and_made_again(
    row: Found, world: World, tmp_path: Path
) -> None:
    before = {p.name: p.read_bytes() for p in world.store.root.glob("observations/*/*/*")}
    for moment in ("dbt: 1 of", "dbt: 3 of"):
        process = subprocess.Popen(
            [sys.executable, "-c", BUILD, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        assert any(line.startswith(moment) for line in process.stdout)
        process.kill()
        process.wait()
        with pytest.raises(CheckError) as caught:
            collect_build(world.ctx, now=world.tick(hours=3))
        said(caught.value, row)
        assert not world.paths.staging_dir.exists() and not world.paths.current_dir.exists()
    build_release(world.ctx, now=world.tick(hours=4), say=lambda _: None)
    assert {p.stem for p in (world.paths.staging_dir / "data").iterdir()} == set(TABLES)
    assert {p.name: p.read_bytes() for p in world.store.root.glob("observations/*/*/*")} == before


@fault("O13", "is incomplete: dbt did not finish, or its exports changed")
def test_a_half_written_export_is_not_collected(row: Found, world: World) -> None:
    build_release(world.ctx, now=world.tick(), say=lambda _: None)
    export = world.paths.warehouse_dir / "export" / "rpt_target.parquet"
    os.truncate(export, export.stat().st_size // 2)
    with pytest.raises(CheckError) as caught:
        collect_build(world.ctx, now=world.tick())
    said(caught.value, row)


@fault("O13", "are missing or changed on disk")
def test_a_half_written_observation_file_is_named(row: Found, store: Store) -> None:
    vintage = put_vintage(store, 1.5, "2026-01-01")
    path = store.observations_path("unsd/alpha", vintage.vintage)
    os.truncate(path, path.stat().st_size // 2)
    with pytest.raises(StoreError) as caught:
        store.read_observations("unsd/alpha", vintage.vintage)
    said(caught.value, row)
    assert [f.area for f in inspect_store(store) if f.severity == "fault"] == ["store"]


@fault("O05", "has {free} bytes free and a refresh of {key} needs about {n}")
def test_space_is_asked_for_before_anything_is_written(
    row: Found, place: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = get_dataset(KEY)
    with place.client() as client:
        fetch_dataset(spec, client, place.store(), NOW)
        before = _files(place.root)
        monkeypatch.setattr("shutil.disk_usage", lambda path: type("Usage", (), {"free": 1000}))
        with pytest.raises(StoreError) as caught:
            fetch_dataset(spec, client, place.store(), NOW)
    said(caught.value, row)
    assert caught.value.exit_code == 5 and _files(place.root) == before


def test_space_that_is_there_is_no_fault(tmp_path: Path) -> None:
    require_space(tmp_path, 1, "nothing")


@fault(
    "O11", "The folder of {role}, {path}, may not be written by user {n} (rights {r}, owner {o}; Read-only"
)
@pytest.mark.parametrize("name", ["objects", "snapshots", "observations"])
def test_a_folder_that_may_not_be_written_is_named_before_anything_is_asked(
    row: Found, place: Workplace, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    touch = Path.touch

    def read_only(path: Path, *rest: object, **named: object) -> None:
        if f"/{name}" in str(path):
            raise OSError(30, os.strerror(30), str(path))
        touch(path)

    monkeypatch.setattr(Path, "touch", read_only)
    with place.client() as client:
        monkeypatch.setattr(client, "fetch", None)  # to be asked would be a fault of another kind
        with pytest.raises(StoreError) as caught:
            fetch_dataset(get_dataset(KEY), client, place.store(), NOW)
    said(caught.value, row)
    assert caught.value.exit_code == 5 and name in str(caught.value)


def test_a_folder_that_may_be_written_holds_nothing_afterwards(tmp_path: Path) -> None:
    require_writable(tmp_path, "tests")
    assert list(tmp_path.iterdir()) == []


def _files(root: Path) -> list[str]:
    return sorted(str(p) for p in root.rglob("*") if p.is_file())
