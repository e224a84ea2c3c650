"""O06 to O08: two processes at once, an open warehouse, and what a killed one leaves locked."""

import os
import signal

import duckdb
import polars as pl
import pytest

from connectors.errors import StoreError
from connectors.locks import process_start, this_process
from connectors.store import Store
from orchestration.release.build import build_release, hold_warehouse, prepare_build
from orchestration.release.dbt_run import run_dbt
from orchestration.release.process_lock import hold_lock
from tests.faults.matrix import Found, fault
from tests.faults.operation_scene import KEY, other_process, said
from tests.release.conftest import World

HOLD = """
import sys
from pathlib import Path
from connectors.store import Store
held = Store(Path(sys.argv[1]), False).locked(sys.argv[2])
held.__enter__()
"""


@fault("O06", "has been refreshing world_bank/sp_pop_totl since {time} ({age} min). Nothing was done")
def test_a_second_refresh_is_told_who_runs_and_since_when(row: Found, store: Store) -> None:
    process = other_process(HOLD, store.root, KEY)
    try:
        with pytest.raises(StoreError) as caught, store.locked(KEY):
            pass
    finally:
        process.kill()
        process.wait()
    said(caught.value, row)
    assert f"process {process.pid} on " in str(caught.value) and caught.value.exit_code == 5


@fault("O06", "has been building release 2026.1 since {time}")
def test_a_second_build_is_told_who_builds(row: Found, world: World) -> None:
    owner = this_process("building release 2026.1", world.now, "Boris")
    parent = owner.model_copy(update={"pid": 1, "process_start": _start_of(1)})
    world.paths.warehouse_lock_file.write_text(parent.model_dump_json())
    with pytest.raises(StoreError) as caught:
        build_release(world.ctx, now=world.tick(hours=26), say=lambda _: None)
    said(caught.value, row)
    assert "Boris (process 1 on " in str(caught.value) and "(1 d 2 h)" in str(caught.value)


def _start_of(pid: int) -> str:
    return process_start(pid) or ""


@fault("O08", "")
def test_the_system_frees_the_lock_of_a_killed_refresh(store: Store) -> None:
    process = other_process(HOLD, store.root, KEY)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert str(process.pid) in store.lock_path(KEY).read_text()
    with store.locked(KEY):
        assert f'"pid":{os.getpid()}' in store.lock_path(KEY).read_text()


@fault("O08", "The lock of {who} (process {n}, which has ended) was taken over.")
def test_the_lock_of_a_killed_build_is_taken_over_and_that_is_noted(row: Found, world: World) -> None:
    process = other_process("")
    owner = this_process("building release 2026.1", world.now, "Boris")
    dead = owner.model_copy(update={"pid": process.pid, "process_start": _start_of(process.pid)})
    world.paths.warehouse_lock_file.write_text(dead.model_dump_json())
    with pytest.raises(StoreError, match="Boris"), hold_warehouse(world.ctx, world.now):
        pass
    process.kill()
    process.wait()
    with hold_lock(world.paths.warehouse_lock_file, "Ana", world.now) as note:
        said(note, row)


@fault("O07", "is open in process {n}; only one process may open it")
def test_a_warehouse_that_is_open_elsewhere_names_the_process(row: Found, world: World) -> None:
    warehouse = prepare_build(world.ctx)
    code = "import duckdb, sys\nheld = duckdb.connect(sys.argv[1])"
    process = other_process(code, warehouse / "circularity.duckdb")
    try:
        with pytest.raises(duckdb.IOException, match="lock"):
            duckdb.connect(str(warehouse / "circularity.duckdb"), read_only=True)
        with pytest.raises(StoreError) as caught:
            list(run_dbt(world.ctx.dbt_project_dir, warehouse))
    finally:
        process.kill()
        process.wait()
    said(caught.value, row)
    assert f"process {process.pid};" in str(caught.value) and caught.value.exit_code == 5


def test_a_clean_warehouse_is_read_as_files(world: World) -> None:
    """Readers use Parquet: the current tables can be read while somebody has the database open."""
    build_release(world.ctx, now=world.tick(), say=lambda _: None)
    with duckdb.connect(str(world.paths.warehouse_dir / "circularity.duckdb")):
        table = pl.read_parquet(world.paths.warehouse_dir / "export" / "rpt_target.parquet")
    assert table.height == 1
