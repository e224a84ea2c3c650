"""Looking through a store: is everything whole, and what did killed processes leave behind.

What belongs here: reading and rehashing everything, saying what was found in plain words. What does not:
changing anything, releases and machines (orchestration.doctor).
"""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

import polars as pl
from pydantic import ValidationError

from connectors.disk import LEFTOVER
from connectors.errors import StoreError
from connectors.locks import Owner
from connectors.records import FetchRecord, Manifest, Vintage
from connectors.store import Store, hash_file

Severity = Literal["ok", "note", "warning", "fault"]


@dataclass(frozen=True)
class Finding:
    """One thing `doctor` looked at. `fault`: something is damaged or in the way; `warning`: somebody should
    look; `note`: worth knowing, nothing to do.
    """

    area: str
    severity: Severity
    what: str
    next_step: str = ""


def inspect_store(store: Store) -> Iterator[Finding]:
    """Rehash every object, read every record, compare every vintage with its file."""
    objects = _hash_objects(store)
    damaged = sorted(name for name, found in objects.items() if name != found)
    for name in damaged:
        yield Finding(
            "store",
            "fault",
            f"The object {name} no longer has the bytes it was stored with.",
            "Restore it from a backup; a lock that pins it cannot be built until then. Runbook: O12.",
        )
    manifests, findings = _read_manifests(store, objects)
    yield from findings
    vintages, findings = _read_vintages(store, objects)
    yield from findings
    yield from _read_fetched(store, objects)
    if not damaged:
        yield Finding(
            "store",
            "ok",
            f"{len(objects)} objects rehashed, {len(manifests)} manifests and {vintages} vintages read.",
        )
    yield from _find_orphans(store, set(objects) - {manifest.sha256 for manifest in manifests})


def find_leftovers(root: Path) -> list[Path]:
    """Temporary files and folders nobody uses while no command runs: a killed process left them."""
    scratch = root / "objects" / "tmp"
    found = sorted(scratch.iterdir()) if scratch.is_dir() else []
    return found + sorted(path for path in root.rglob(f".*{LEFTOVER}") if scratch not in path.parents)


def list_keys(store: Store) -> list[str]:
    """Every data set the store knows anything of, by key."""
    folders = [*store.root.glob("snapshots/*/*/"), *store.root.glob("observations/*/*/")]
    return sorted({"/".join(folder.parts[-2:]) for folder in folders})


def find_running(store: Store, now: datetime) -> Iterator[Finding]:
    """Which data sets are being refreshed now. The system frees such a lock when its owner dies."""
    for key in list_keys(store):
        path = store.lock_path(key)
        if path.is_file() and not _is_free(path):
            yield Finding("locks", "note", _name_owner(path, key, now))


def _is_free(path: Path) -> bool:
    with path.open("rb") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def _name_owner(path: Path, key: str, now: datetime) -> str:
    try:
        return Owner.model_validate_json(path.read_bytes()).describe(now)
    except ValidationError:
        return f"Somebody is refreshing {key}."


def _hash_objects(store: Store) -> dict[str, str]:
    return {path.name: hash_file(path) for path in store.root.glob("objects/sha256/*/*") if path.is_file()}


def _read_manifests(store: Store, objects: dict[str, str]) -> tuple[list[Manifest], list[Finding]]:
    found, findings = [], []
    for path in sorted(store.root.glob("snapshots/*/*/*/*.json")):
        try:
            manifest = Manifest.model_validate_json(path.read_bytes())
        except ValidationError:
            findings.append(_damaged(path))
            continue
        found.append(manifest)
        if manifest.sha256 not in objects:
            findings.append(_missing(manifest.sha256, f"the manifest {path.name} of {manifest.dataset}"))
    return found, findings


def _read_vintages(store: Store, objects: dict[str, str]) -> tuple[int, list[Finding]]:
    number, findings = 0, []
    for key in list_keys(store):
        try:
            vintages = store.list_vintages(key)
        except StoreError as error:
            findings.append(Finding("store", "fault", str(error), "Restore the record. Runbook: O12."))
            continue
        number += len(vintages)
        for vintage in vintages:
            findings += _compare(store, key, vintage, objects)
    return number, findings


def _compare(store: Store, key: str, vintage: Vintage, objects: dict[str, str]) -> Iterator[Finding]:
    path = store.observations_path(key, vintage.vintage)
    if not path.is_file() or hash_file(path) != vintage.observations_sha256:
        yield Finding(
            "store",
            "fault",
            f"The observations of {key}, vintage {vintage.vintage}, are missing or changed.",
            f"Restore {path.name} from a backup; `circularity release lock --from` makes them anew from the "
            "stored bytes. Runbook: O13.",
        )
    elif pl.scan_parquet(path).select(pl.len()).collect().item() != vintage.rows:
        yield Finding(
            "store",
            "fault",
            f"The observations of {key}, vintage {vintage.vintage}, have other rows than recorded.",
            f"Restore {path.name} and its record from a backup. Runbook: O13.",
        )
    for part in vintage.parts.values():
        if part.sha256 is not None and part.sha256 not in objects:
            yield _missing(part.sha256, f"{key}, vintage {vintage.vintage}")


def _read_fetched(store: Store, objects: dict[str, str]) -> Iterator[Finding]:
    for path in sorted(store.root.glob("snapshots/*/*/fetched.json")):
        try:
            record = FetchRecord.model_validate_json(path.read_bytes())
        except ValidationError:
            yield _damaged(path)
            continue
        for part in record.parts.values():
            if part.sha256 not in objects:
                yield _missing(part.sha256, f"the last fetch of {record.dataset}")
    for path in sorted(store.root.glob("snapshots/*/*/ingested.json")):
        try:
            json.loads(path.read_bytes())
        except ValueError:
            yield _damaged(path)


def _find_orphans(store: Store, unnamed: set[str]) -> Iterator[Finding]:
    parquet = store.root.glob("observations/*/*/*.parquet")
    unrecorded = [path for path in parquet if not path.with_suffix(".json").exists()]
    leftovers = find_leftovers(store.root)
    kinds = {
        "objects no manifest names": len(unnamed),
        "observation files without a record": len(unrecorded),
        "temporary files": len(leftovers),
    }
    for kind, number in kinds.items():
        if number:
            yield Finding(
                "orphans",
                "note",
                f"{number} {kind}: a process was killed, and nothing reads them.",
                "The next refresh uses what it can; while none runs, temporary files may be deleted. "
                "Runbook: O02.",
            )


def _damaged(path: Path) -> Finding:
    return Finding(
        "store", "fault", f"The record {path} is damaged.", "Restore it from a backup. Runbook: O12."
    )


def _missing(sha256: str, user: str) -> Finding:
    what = f"The object {sha256} is missing; {user} needs it."
    return Finding("store", "fault", what, "Restore it from a backup. Runbook: O12.")
