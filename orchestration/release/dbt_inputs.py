"""The files dbt reads: locked observations, the lock as tables, the predecessor's tables.

What belongs here: writing them, exactly as the lock says and with fixed types.
What does not: running dbt (dbt_run.py), what dbt makes of them (build.py).
"""

import shutil
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq

from connectors import observations
from connectors.store import Store
from orchestration.release.checksums import hash_file
from orchestration.release.lock_model import Lock, LockedDataset
from orchestration.release.paths import ReleasePaths
from orchestration.release.predecessor import read_compared
from orchestration.release.restore import read_held_back, restore_observations
from orchestration.release.schema import TableSchema

DATASET_SCHEMA = pl.Schema(
    {
        "provider": pl.String(),
        "dataset": pl.String(),
        "title": pl.String(),
        "vintage": pl.String(),
        "producer_date": pl.String(),
        "raw_sha256": pl.String(),
        "content_sha256": pl.String(),
        "licence": pl.String(),
        "licence_url": pl.String(),
        "citation": pl.String(),
        "rows_may_appear": pl.Boolean(),
        "row_cap": pl.Int64(),
        "rows": pl.Int64(),
        "is_absent": pl.Boolean(),
        "absence_reason": pl.String(),
        "missing_parts": pl.String(),
        "source_warnings": pl.String(),
        "illustrative": pl.Boolean(),
    }
)
SNAPSHOT_SCHEMA = pl.Schema(
    {
        "provider": pl.String(),
        "dataset": pl.String(),
        "part": pl.String(),
        "vintage": pl.String(),
        "snapshot_sha256": pl.String(),
        "url": pl.String(),
        "retrieved_at": pl.String(),
        "bytes": pl.Int64(),
        "part_status": pl.String(),
        "version_marker": pl.String(),
    }
)
# Revisions: the gate asks about them for each published figure and status (G5), with what they change.
ASKED_BY_FIGURE = frozenset({"S10"})
# A cell of a workbook has an end; a person reads no further anyway.
WARNINGS_SHOWN = 20
RELEASE_SCHEMA = pl.Schema(
    {
        "release_id": pl.String(),
        "reference_year": pl.Int32(),
        "predecessor_id": pl.String(),
        "is_correction": pl.Boolean(),
        "illustrative": pl.Boolean(),
        "method_version": pl.String(),
        "config_sha256": pl.String(),
    }
)


def write_inputs(paths: ReleasePaths, lock: Lock, schemas: dict[str, TableSchema], folder: Path) -> None:
    """Write obs/, lock/ and predecessor/ below the fresh `folder`. Raises StoreError if a pinned byte
    differs.
    """
    store = Store(paths.root, lock.illustrative)
    for pinned in lock.datasets:
        target = folder / "obs" / pinned.provider / f"{pinned.dataset}.parquet"
        target.parent.mkdir(parents=True, exist_ok=True)
        _write_observations(store, pinned, target)
    (folder / "lock").mkdir()
    _write(folder / "lock" / "dataset.parquet", [_dataset_row(d) for d in lock.datasets], DATASET_SCHEMA)
    snapshots = [row for d in lock.datasets for row in _snapshot_rows(d)]
    _write(folder / "lock" / "snapshot.parquet", snapshots, SNAPSHOT_SCHEMA)
    _write(folder / "lock" / "release.parquet", [_release_row(lock)], RELEASE_SCHEMA)
    held_back = pl.concat([observations.empty_table(), *(read_held_back(store, d) for d in lock.datasets)])
    held_back.write_parquet(folder / "lock" / "held_back.parquet", compression="zstd")
    (folder / "predecessor").mkdir()
    for name, table in read_compared(paths, lock, schemas).items():
        pq.write_table(table, folder / "predecessor" / f"{name}.parquet", compression="zstd")


def _write_observations(store: Store, pinned: LockedDataset, target: Path) -> None:
    if pinned.vintage is None:
        observations.write_parquet(observations.empty_table(), target)
        return
    source = store.observations_path(pinned.key, pinned.vintage)
    if source.is_file() and hash_file(source) == pinned.observations_sha256:
        shutil.copyfile(source, target)
    else:
        restore_observations(store, pinned, target)


def _dataset_row(pinned: LockedDataset) -> dict[str, object]:
    missing = [name for name, part in sorted(pinned.parts.items()) if part.status == "absent"]
    row = {name: getattr(pinned, name, None) for name in DATASET_SCHEMA}
    told = [f"{w.fault} {w}" for w in pinned.warnings if w.fault not in ASKED_BY_FIGURE]
    if len(told) > WARNINGS_SHOWN:
        told = [*told[:WARNINGS_SHOWN], f"and {len(told) - WARNINGS_SHOWN} more, which stand in lock.json"]
    return row | {"missing_parts": ";".join(missing) or None, "source_warnings": " | ".join(told) or None}


def _snapshot_rows(pinned: LockedDataset) -> list[dict[str, object]]:
    return [
        {
            "provider": pinned.provider,
            "dataset": pinned.dataset,
            "part": name,
            "vintage": pinned.vintage,
            "snapshot_sha256": part.sha256,
            "url": part.url,
            "retrieved_at": part.retrieved_at,
            "bytes": part.bytes,
            "part_status": part.status,
            "version_marker": part.version_marker,
        }
        for name, part in sorted(pinned.parts.items())
    ]


def _release_row(lock: Lock) -> dict[str, object]:
    return {
        "release_id": lock.release,
        "reference_year": lock.reference_year,
        "predecessor_id": lock.predecessor.release if lock.predecessor else None,
        "is_correction": lock.is_correction,
        "illustrative": lock.illustrative,
        "method_version": lock.method.version,
        "config_sha256": lock.method.sha256,
    }


def _write(path: Path, rows: Sequence[dict[str, object]], schema: pl.Schema) -> None:
    pl.DataFrame(list(rows), schema=schema, orient="row").write_parquet(path, compression="zstd")
