"""The verb `build`: from the lock alone to the release's data files, with no network.

What belongs here: preparing dbt's folder, taking its exports over as release Parquet, the completion mark.
What does not: the formats of the bundle (candidate.py), judging the data (check.py).
"""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import polars as pl

from connectors.disk import write_atomic
from connectors.errors import CheckError
from orchestration.release.checksums import data_hash, hash_file
from orchestration.release.context import ReleaseContext
from orchestration.release.dbt_inputs import write_inputs
from orchestration.release.dbt_run import run_dbt
from orchestration.release.files import (
    canonical_json,
    fresh_folder,
    hash_folder,
    remove_folder,
    replace_folder,
    switch_link,
)
from orchestration.release.lock import read_method, require_code_of
from orchestration.release.lock_model import Lock, load_lock
from orchestration.release.paths import ReleasePaths
from orchestration.release.predecessor import write_compared
from orchestration.release.process_lock import hold_lock, one_at_a_time
from orchestration.release.schema import TableSchema, load_schemas
from orchestration.release.state import ReleaseState, State, record, require_state
from orchestration.release.tables import LICENCE, release_metadata, write_release_parquet

PREPARED_MARK = "prepared.json"
EXPORTED_MARK = "exported.json"
COMPLETE_MARK = "complete.json"
# What current/ shows of the exports.
SHOWN = ("dim_", "fct_", "mart_")


def build_release(ctx: ReleaseContext, *, now: datetime, say: Callable[[str], None]) -> ReleaseState:
    """The whole verb: prepare, dbt, collect, show the current tables. `say` hears the progress.

    The same lock again, with the same code, is a no-op.
    """
    with hold_warehouse(ctx, now):
        built = find_built(ctx)
        if built is not None:
            say(describe_built(built))
            return built
        prepare_build(ctx)
        for line in run_dbt(ctx.dbt_project_dir, ctx.paths.warehouse_dir):
            say(line)
        mark_exported(ctx)
        done = collect_build(ctx, now=now)
        export_current(ctx)
    return done


def find_built(ctx: ReleaseContext) -> ReleaseState | None:
    """The state of the release if all that a build would make is here; None if it has to be made.

    Staging, the warehouse's exports and current/ must be whole, and made from this very lock by this very
    code. All releases share the warehouse: after the build of another one, this one is built again. A dirty
    tree names no exact code, so there everything is made again. Call it while holding the warehouse.
    """
    current, lock = _require_lock(ctx)
    if ctx.code.dirty:
        return None
    try:
        mark = json.loads((require_staging(ctx, lock) / COMPLETE_MARK).read_bytes())
        _require_exports(ctx, lock)
    except CheckError:
        return None
    is_built = mark.get("code") == ctx.code.key and _is_recorded(current, ctx, lock, mark["data_sha256"])
    return current if is_built and _is_shown(ctx.paths) else None


def describe_built(built: ReleaseState) -> str:
    """What a build says that has nothing to do."""
    return f"build: {built.release}: nothing to do, built from the same lock by the same code"


def _is_shown(paths: ReleasePaths) -> bool:
    shown = {path.name: hash_file(path) for path in paths.current_dir.glob("*.parquet")}
    return shown == {path.name: hash_file(path) for path in _list_shown(paths)}


def _is_recorded(current: ReleaseState, ctx: ReleaseContext, lock: Lock, data_sha256: str) -> bool:
    made = _hash_build(ctx, lock, data_sha256)
    return all(current.hashes.get(name) == value for name, value in made.items())


def _hash_build(ctx: ReleaseContext, lock: Lock, data_sha256: str) -> dict[str, str]:
    """The hashes a build records."""
    return {"data": data_sha256, "lock": lock.sha256, "code": ctx.code.key}


@contextmanager
def hold_warehouse(ctx: ReleaseContext, now: datetime) -> Iterator[None]:
    """Be the one process that touches the warehouse, which all releases share. Raises StoreError if it is
    held.
    """
    with hold_lock(ctx.paths.warehouse_lock_file, ctx.actor, now, f"building release {ctx.release_id}"):
        yield


def prepare_build(ctx: ReleaseContext) -> Path:
    """Write dbt's inputs from the lock into a fresh warehouse folder and return that folder.

    Old exports and the old database are gone afterwards, so nothing of an earlier lock can be collected.
    Raises StoreError if a pinned byte is missing, PolicyError if this is not the code the lock names.
    """
    _, lock = _require_lock(ctx)
    schemas = load_schemas(ctx.dbt_project_dir)
    warehouse = ctx.paths.warehouse_dir
    with fresh_folder(warehouse) as fresh:
        (fresh / "export").mkdir(parents=True)
        (fresh / "input").mkdir()
        write_inputs(ctx.paths, lock, schemas, fresh / "input")
        write_atomic(fresh / "input" / PREPARED_MARK, canonical_json(_origin(ctx, lock)))
    replace_folder(fresh, warehouse)
    return warehouse


def _origin(ctx: ReleaseContext, lock: Lock) -> dict[str, str]:
    """What the marks of a build say about where it comes from."""
    return {"release": ctx.release_id, "lock_sha256": lock.sha256, "code": ctx.code.key}


def mark_exported(ctx: ReleaseContext) -> None:
    """Say which exports dbt finished, and their hashes. Only for a dbt process that succeeded.

    Without this mark nothing is collected: a build that was killed leaves some of its files, and half of one.
    """
    files = {path.name: hash_file(path) for path in _list_exports(ctx.paths)}
    write_atomic(ctx.paths.warehouse_dir / EXPORTED_MARK, canonical_json(files))


def _list_exports(paths: ReleasePaths) -> list[Path]:
    return sorted((paths.warehouse_dir / "export").glob("*.parquet"))


def _list_shown(paths: ReleasePaths) -> list[Path]:
    return [path for path in _list_exports(paths) if path.name.startswith(SHOWN)]


@one_at_a_time
def collect_build(ctx: ReleaseContext, *, now: datetime) -> ReleaseState:
    """Take dbt's rpt_ exports over into staging/ (data and compared) and record the release as built.

    Staging is made in a fresh folder, gets its completion mark last and appears by one rename. Raises
    CheckError
    if the exports are not those of this lock, or a planned table is missing, untyped or has a broken key.
    The same data again leave a gate, a candidate and its signatures as they are.
    """
    current, lock = _require_lock(ctx)
    schemas = load_schemas(ctx.dbt_project_dir)
    _require_exports(ctx, lock)
    with fresh_folder(ctx.paths.staging_dir) as fresh:
        _write_data(ctx, lock, schemas, fresh / "data")
        if lock.predecessor is not None:
            write_compared(ctx.paths, lock, schemas, fresh / "compared")
        digest = data_hash(fresh / "data")
        mark = {
            **_origin(ctx, lock),
            "data_sha256": digest,
            "compared_sha256": hash_folder(fresh / "compared"),
        }
        write_atomic(fresh / COMPLETE_MARK, canonical_json(mark))
    replace_folder(fresh, ctx.paths.staging_dir)
    if _is_recorded(current, ctx, lock, digest):
        return current
    return record(
        ctx,
        "build",
        State.BUILT,
        now=now,
        hashes=_hash_build(ctx, lock, digest),
        note=f"{len(lock.plan.tables)} tables built from the lock",
    )


def _write_data(ctx: ReleaseContext, lock: Lock, schemas: dict[str, TableSchema], folder: Path) -> None:
    metadata = release_metadata(ctx.release_id, LICENCE, lock.illustrative)
    for name in lock.plan.tables:
        source = ctx.paths.warehouse_dir / "export" / f"{name}.parquet"
        write_release_parquet(source, schemas[name], folder / f"{name}.parquet", metadata)
    _require_indicators(lock, folder)


def require_staging(ctx: ReleaseContext, lock: Lock) -> Path:
    """The staging folder, if it is complete and of this lock. Raises CheckError otherwise."""
    mark_file = ctx.paths.staging_dir / COMPLETE_MARK
    if not mark_file.is_file():
        raise CheckError(f"The build of {ctx.release_id} is incomplete. Build again. Runbook: O03.")
    mark = json.loads(mark_file.read_bytes())
    if mark.get("lock_sha256") != lock.sha256:
        raise CheckError(f"The build of {ctx.release_id} was made from another lock. Build again.")
    if mark.get("data_sha256") != data_hash(ctx.paths.staging_dir / "data"):
        raise CheckError(f"A data file of {ctx.release_id} changed after it was built. Build again.")
    if mark.get("compared_sha256") != hash_folder(ctx.paths.staging_dir / "compared"):
        raise CheckError(
            f"The predecessor's tables beside the data of {ctx.release_id} changed, or are gone, since they "
            "were built. Build again."
        )
    return ctx.paths.staging_dir


def export_current(ctx: ReleaseContext) -> int:
    """Show every dim_, fct_ and mart_ export in current/, all of them from one instant to the next.

    `current` is a link to a folder that never changes. A reader who needs several files that belong together
    resolves the link once; the generation before the present one is kept for those still reading. Returns the
    number of tables.
    """
    generations = ctx.paths.current_dir.with_name(".current")
    _require_exported(ctx.paths)
    chosen = _list_shown(ctx.paths)
    with fresh_folder(generations / "next") as fresh:
        fresh.mkdir(parents=True)
        for path in chosen:
            shutil.copyfile(path, fresh / path.name)
    before = ctx.paths.current_dir.resolve()
    digest = hash_folder(fresh)
    present = generations / digest[:16]
    if present.exists() and hash_folder(present) == digest:
        remove_folder(fresh)
    else:
        # A generation of this name that is not as it was made has been damaged since.
        replace_folder(fresh, present)
    switch_link(ctx.paths.current_dir, present)
    for folder in generations.iterdir() if present != before else ():
        if folder not in (present, before):
            remove_folder(folder)
    return len(chosen)


def _require_lock(ctx: ReleaseContext) -> tuple[ReleaseState, Lock]:
    state = require_state(ctx, "build")
    lock = load_lock(ctx.paths, state)
    require_code_of(lock, ctx)
    if read_method(ctx.dbt_project_dir) != lock.method:
        raise CheckError("The method configuration changed after the lock was made. Lock again.")
    return state, lock


def _require_exports(ctx: ReleaseContext, lock: Lock) -> None:
    """The warehouse holds every planned export, finished, of this lock and code. Raises CheckError."""
    paths = ctx.paths
    mark_file = paths.warehouse_dir / "input" / PREPARED_MARK
    if not mark_file.is_file() or json.loads(mark_file.read_bytes()) != _origin(ctx, lock):
        raise CheckError(
            f"The warehouse was not prepared for this lock of {lock.release} by this code. Build again."
        )
    _require_exported(paths)
    missing = [n for n in lock.plan.tables if not (paths.warehouse_dir / "export" / f"{n}.parquet").is_file()]
    if missing:
        raise CheckError(
            f"The build of {lock.release} is incomplete: {', '.join(missing)} not exported. dbt exports "
            f"only after every "
            "model and test succeeded. Build again."
        )


def _require_exported(paths: ReleasePaths) -> None:
    """Every export is there, with the bytes dbt left when it had finished. Raises CheckError."""
    mark_file = paths.warehouse_dir / EXPORTED_MARK
    finished = json.loads(mark_file.read_bytes()) if mark_file.is_file() else None
    if finished is None or finished != {path.name: hash_file(path) for path in _list_exports(paths)}:
        raise CheckError(
            f"The build of {paths.release_id} is incomplete: dbt did not finish, or its exports changed. "
            "Nothing was collected; what stood before still stands. Build again. Runbook: O03."
        )


def _require_indicators(lock: Lock, data: Path) -> None:
    """A plan that names indicators gets exactly these."""
    if not lock.plan.indicators:
        return
    built = set(pl.read_parquet(data / "rpt_indicator.parquet")["indicator"])
    planned = set(lock.plan.indicators)
    if built != planned:
        raise CheckError(
            f"The plan of {lock.release} and its tables differ: planned but not built: "
            f"{', '.join(sorted(planned - built)) or 'none'}; built but not planned: "
            f"{', '.join(sorted(built - planned)) or 'none'}. Correct the plan or the models."
        )
