"""The release before: finding its bundle and trusting it only by its hashes.

What belongs here: where a predecessor lies, what of it is pinned, its tables; what became of earlier
releases. What does not: comparing two releases (diff.py).
"""

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from connectors.errors import CheckError, PolicyError, StoreError
from orchestration.release.checksums import candidate_hash, data_hash, verify_sums
from orchestration.release.files import hash_folder
from orchestration.release.ids import parse_release_id
from orchestration.release.lock_model import Lock, LockedPredecessor, LockedRelease
from orchestration.release.paths import ReleasePaths
from orchestration.release.schema import TableSchema
from orchestration.release.standing import is_withdrawn, read_record
from orchestration.release.state import FINISHED, load_state
from orchestration.release.tables import LICENCE, release_metadata, write_table

COMPARED_TABLES = (
    "rpt_magnitude",
    "rpt_method",
    "rpt_observation",
    "rpt_progress",
    "rpt_region",
    "rpt_target",
)
"""What the next release is compared with; it ships in the bundle so that a gate can be repeated from it."""


def find_bundle(paths: ReleasePaths, release_id: str) -> Path:
    """The bundle folder of `release_id`: published, or for illustrative data a finished candidate.

    Raises PolicyError if there is none: real figures are compared with published figures only.
    """
    other = paths.of(release_id)
    if (other.published_dir / "publication.json").is_file():
        return other.published_dir / "bundle"
    state = load_state(other)
    is_candidate = state is not None and state.state in FINISHED
    if is_candidate and parse_release_id(release_id).sample:
        return other.bundle_dir
    wanted = "built as a candidate" if parse_release_id(release_id).sample else "published"
    raise PolicyError(
        f"The predecessor {release_id} of {paths.release_id} is not {wanted} here. Finish it first, or state "
        "another predecessor in the plan."
    )


def pin_predecessor(paths: ReleasePaths, release_id: str) -> LockedPredecessor:
    """Hash the predecessor anew. Raises StoreError if any file of it changed since it was made."""
    bundle = find_bundle(paths, release_id)
    problems = verify_sums(bundle)
    publication = read_publication(paths.of(release_id))
    if publication and publication.get("candidate_sha256") != candidate_hash(bundle):
        problems.append("publication.json names another candidate hash.")
    if problems:
        raise StoreError(
            f"The predecessor {release_id} is damaged: {' '.join(problems[:3])} Restore it from a copy whose "
            "checksums agree."
        )
    return LockedPredecessor(
        release=release_id, candidate_sha256=candidate_hash(bundle), data_sha256=data_hash(bundle / "data")
    )


def read_publication(paths: ReleasePaths) -> dict[str, Any]:
    """publication.json of a published release; empty if it is not published. Raises StoreError."""
    file = paths.published_dir / "publication.json"
    try:
        return json.loads(file.read_bytes()) if file.is_file() else {}
    except ValueError as error:
        raise StoreError(f"publication.json of {paths.release_id} is damaged. Restore it.") from error


def require_predecessor(paths: ReleasePaths, pinned: LockedPredecessor) -> Path:
    """The bundle that was pinned. Raises StoreError if what lies here is another one."""
    if pin_predecessor(paths, pinned.release) != pinned:
        raise StoreError(
            f"The predecessor {pinned.release} that lies here is not the one the lock of {paths.release_id} "
            f"pins "
            f"(candidate hash {pinned.candidate_sha256[:12]}…). Restore that one, or lock again."
        )
    return find_bundle(paths, pinned.release)


def list_earlier(paths: ReleasePaths) -> Iterator[LockedRelease]:
    """What became of each published release with an earlier id: the pages of the release tell it."""
    known, own = read_record(paths), parse_release_id(paths.release_id)
    for one in known.releases:
        if one.key < own:
            yield LockedRelease(
                release=one.release,
                issued=one.published_at.date(),
                state=known.state_of(one),
                erratum=one.erratum,
                reason=one.withdrawal.reason if one.withdrawal else None,
            )


def find_news(paths: ReleasePaths, lock: Lock) -> Iterator[str]:
    """What became of earlier releases since the lock, in plain sentences: the frozen pages would deny it."""
    if lock.predecessor is not None and is_withdrawn(paths.of(lock.predecessor.release)):
        yield (
            f"The predecessor {lock.predecessor.release} was withdrawn. State the last standing release in "
            "the plan, and lock again."
        )
    then = {one.release: one for one in lock.earlier}
    now = {one.release: one for one in list_earlier(paths)}
    changed = [release for release in sorted(then.keys() | now) if then.get(release) != now.get(release)]
    if changed:
        yield f"What became of {', '.join(changed)} since the lock is not what the pages tell. Lock again."


def read_targets(bundle: Path) -> tuple[dict[str, Any], ...]:
    """The predecessor's target values, sorted by key, as plain JSON rows."""
    path = bundle / "data" / "rpt_target.parquet"
    if not path.is_file():
        return ()
    return tuple(pl.read_parquet(path).sort(["indicator", "area"]).to_dicts())


def read_vintages(bundle: Path) -> dict[str, str]:
    """The vintage of each data set the predecessor holds: `<provider>/<dataset>` -> id."""
    path = bundle / "data" / "rpt_dataset.parquet"
    if not path.is_file():
        return {}
    rows = pl.read_parquet(path, columns=["provider", "dataset", "vintage"]).drop_nulls()
    return {f"{provider}/{dataset}": vintage for provider, dataset, vintage in rows.iter_rows()}


def read_compared(paths: ReleasePaths, lock: Lock, schemas: dict[str, TableSchema]) -> dict[str, pa.Table]:
    """The predecessor's tables with today's columns: one it did not have is null, one dropped since is left
    out.

    Without a predecessor the tables are typed and empty.
    """
    bundle = require_predecessor(paths, lock.predecessor) if lock.predecessor else None
    tables = {}
    for name in COMPARED_TABLES:
        source = bundle / "data" / f"{name}.parquet" if bundle else None
        table = pq.read_table(source) if source and source.is_file() else schemas[name].empty_table()
        tables[name] = _conform(table, schemas[name])
    return tables


def write_compared(paths: ReleasePaths, lock: Lock, schemas: dict[str, TableSchema], folder: Path) -> None:
    """Write the tables of the pinned predecessor to `folder`: the same bytes from the same lock and code."""
    assert lock.predecessor is not None
    metadata = release_metadata(lock.predecessor.release, LICENCE, lock.illustrative)
    for name, table in read_compared(paths, lock, schemas).items():
        write_table(table, schemas[name], folder / f"{name}.parquet", metadata)


def find_comparison_faults(
    paths: ReleasePaths, lock: Lock, schemas: dict[str, TableSchema], folder: Path
) -> Iterator[str]:
    """Why `folder` is not what this lock is compared with, in plain sentences.

    The tables are made again from the pinned predecessor, because whoever empties the folder before the gate
    hides every revision from it. Raises StoreError if the predecessor itself is not here or damaged.
    """
    if lock.predecessor is None:
        if folder.exists():
            yield "The lock names no predecessor, and the release carries tables of one."
        return
    with tempfile.TemporaryDirectory() as scratch:
        again = Path(scratch) / "compared"
        write_compared(paths, lock, schemas, again)
        if hash_folder(again) != hash_folder(folder):
            yield (
                f"The tables of the predecessor {lock.predecessor.release} in the release are not those the "
                "lock pins. Build again."
            )


_ADDED_KEYS = {"breakdown": "_T", "time_window": "all"}
"""What a release made before these key columns existed would have said in them: totals, and M1."""


def _conform(table: pa.Table, schema: TableSchema) -> pa.Table:
    try:
        columns = [
            table.column(c.name).cast(c.arrow_type)
            if c.name in table.column_names
            else pa.array([_ADDED_KEYS.get(c.name)] * len(table), c.arrow_type)
            for c in schema.columns
        ]
    except pa.ArrowInvalid as error:
        raise CheckError(
            f"The predecessor's {schema.name} cannot be read with today's types: {error}. Keep a column's "
            f"type, or "
            "give the column another name."
        ) from error
    return pa.Table.from_arrays(columns, schema=schema.arrow_schema())
