"""The store: write-once bytes by sha256, manifests, observation tables and vintages below one root.

What belongs here: paths, records, locks, rehashing. What does not: what the bytes mean, how a file is written
so that it is never half seen (disk.py).
Layout: objects/sha256/ab/<sha256> · snapshots/<provider>/<dataset>/<part>/<sha256>.json (manifest) ·
snapshots/<provider>/<dataset>/{fetched,fetching,ingested}.json ·
observations/<provider>/<dataset>/<vintage>.{parquet,json,quarantine.json}. A file appears under its name
complete or not at all: temporary name, flush to disk, rename.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
from pydantic import ValidationError

from connectors import observations
from connectors.disk import (
    disk_errors,
    make_folder,
    move_into_place,
    require_space,
    require_writable,
    write_atomic,
)
from connectors.errors import SourceError, StoreError
from connectors.locks import Owner, this_process
from connectors.records import FetchRecord, IngestRecord, Manifest, Vintage
from connectors.redaction import hide
from connectors.spec import is_code

_CHUNK = 1 << 20
# Room for a first fetch; a later one wants twice what stands: bytes and observations are both written.
SPACE_WANTED = 64 << 20


class Store:
    """One root. `illustrative` says whether its figures are invented; a root never changes its kind."""

    def __init__(self, root: Path, illustrative: bool) -> None:
        """Bind to `root`; nothing is written yet."""
        self.root, self.illustrative = root, illustrative

    # ---- objects: bytes by hash

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """A fresh folder on the store's own disk, removed afterwards whatever happens."""
        parent = self.root / "objects" / "tmp"
        with disk_errors(parent):
            make_folder(parent)
            folder = Path(tempfile.mkdtemp(dir=parent))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def adopt(self, path: Path) -> tuple[str, int]:
        """Move a finished scratch file into the store. Returns (sha256, bytes)."""
        digest, size = hashlib.sha256(), 0
        with path.open("rb") as body:
            while chunk := body.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
        move_into_place(path, self.object_path(digest.hexdigest()))
        return digest.hexdigest(), size

    def object_path(self, sha256: str) -> Path:
        """Where the bytes with this hash lie."""
        if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
            raise StoreError(f"'{sha256[:80]}' is not a sha256; the record that names it is damaged.")
        return self.root / "objects" / "sha256" / sha256[:2] / sha256

    def read_object(self, sha256: str) -> bytes:
        """The bytes, rehashed at each read. Raises StoreError if they are missing or changed."""
        path = self.object_path(sha256)
        try:
            body = path.read_bytes()
        except FileNotFoundError:
            raise StoreError(
                f"The snapshot {sha256} is missing from {path.parent}. Restore it from a backup, or "
                "refresh the data set, which makes a new vintage."
            ) from None
        if hashlib.sha256(body).hexdigest() != sha256:
            raise StoreError(
                f"The snapshot {sha256} no longer has the bytes it was stored with. Nothing was built from "
                "it. Restore it from a backup; the vintages that use it cannot be rebuilt until then."
            )
        return body

    # ---- manifests and the fetch record

    def put_manifest(self, manifest: Manifest) -> Manifest:
        """Write a manifest once; the first one of a snapshot stands, so that a vintage never changes.

        So it tells when the bytes came first. What the provider says of them today stands in the record of
        the fetch.
        """
        path = self._snapshots(manifest.provider, manifest.dataset, manifest.part) / f"{manifest.sha256}.json"
        if not path.exists():
            self._write(path, manifest.model_dump(mode="json"))
        return self.get_manifest(f"{manifest.provider}/{manifest.dataset}", manifest.part, manifest.sha256)

    def get_manifest(self, key: str, part: str, sha256: str) -> Manifest:
        """The manifest of one snapshot. Raises StoreError."""
        path = self._snapshots(*_split(key), part) / f"{sha256}.json"
        try:
            return Manifest.model_validate(_read(path))
        except ValidationError:
            raise StoreError(f"The record {path} is damaged. Restore it from a backup.") from None

    def put_fetched(self, record: FetchRecord) -> None:
        """Replace the record of the last fetch of a data set; the checkpoint of that fetch goes."""
        self._write(self._snapshots(*_split(record.dataset)) / "fetched.json", record.model_dump(mode="json"))
        self._checkpoint(record.dataset).unlink(missing_ok=True)

    def put_checkpoint(self, record: FetchRecord) -> None:
        """Write down what a fetch has brought so far: if it dies, the next one goes on from there."""
        self._write(self._checkpoint(record.dataset), record.model_dump(mode="json"))

    def find_checkpoint(self, key: str) -> FetchRecord | None:
        """What a fetch that never ended had brought, or None. A damaged checkpoint is none."""
        path = self._checkpoint(key)
        try:
            return FetchRecord.model_validate(_read(path)) if path.exists() else None
        except (ValidationError, StoreError):
            return None

    def put_ingested(self, record: IngestRecord) -> None:
        """Replace the record of what was last read without a fault."""
        self._write(self._ingested(record.dataset), record.model_dump(mode="json"))

    def last_ingested(self, key: str) -> IngestRecord | None:
        """What was last read without a fault, or None. A damaged record is none: everything is read again."""
        path = self._ingested(key)
        try:
            record = IngestRecord.model_validate(_read(path)) if path.exists() else None
            for facts in record.errors.values() if record else ():
                SourceError.from_record(facts)
        except (ValidationError, StoreError, AttributeError, KeyError, TypeError):
            return None
        return record

    def is_intact(self, sha256: str) -> bool:
        """Whether the object is there with the bytes it was stored with."""
        path = self.object_path(sha256)
        return path.is_file() and hash_file(path) == sha256

    def last_fetched(self, key: str) -> FetchRecord | None:
        """What the last fetch brought, or None. Raises StoreError if the record is damaged."""
        path = self._snapshots(*_split(key)) / "fetched.json"
        if not path.exists():
            return None
        try:
            record = FetchRecord.model_validate(_read(path))
            for facts in record.errors.values():
                SourceError.from_record(facts)
        except (ValidationError, AttributeError, KeyError, TypeError):
            raise StoreError(f"The record {path} is damaged. Fetch {key} again.") from None
        return record

    # ---- vintages

    def put_vintage(self, vintage: Vintage, path: Path, quarantine: list[dict[str, Any]]) -> Vintage:
        """Move the observation file `path` (on this store's disk: see `scratch`) into place, write the
        quarantine and, last of all, the record that makes the vintage exist.
        """
        key = f"{vintage.provider}/{vintage.dataset}"
        target = self.observations_path(key, vintage.vintage)
        sha256 = hash_file(path)
        move_into_place(path, target)
        if quarantine:
            self._write(target.with_name(f"{vintage.vintage}.quarantine.json"), quarantine)
        vintage = vintage.model_copy(update={"observations_sha256": sha256})
        self._write(target.with_suffix(".json"), vintage.model_dump(mode="json"))
        return vintage

    def list_vintages(self, key: str) -> tuple[Vintage, ...]:
        """Every vintage of a data set, oldest first. Raises StoreError if a record is damaged."""
        folder = self._observations(key)
        files = [p for p in folder.glob("*.json") if not p.name.endswith(".quarantine.json")]
        found = [_vintage(path) for path in files]
        return tuple(sorted(found, key=lambda v: v.sequence))

    def latest_vintage(self, key: str) -> Vintage | None:
        """The newest vintage by sequence (never by clock), or None."""
        found = self.list_vintages(key)
        return found[-1] if found else None

    def get_vintage(self, key: str, vintage: str) -> Vintage:
        """One vintage by id. Raises StoreError."""
        return _vintage(self.observations_path(key, vintage).with_suffix(".json"))

    def observations_path(self, key: str, vintage: str) -> Path:
        """The Parquet file of a vintage's observations."""
        if not is_code(vintage) or ".." in vintage:
            raise StoreError(f"'{vintage[:80]}' is not the id of a vintage.")
        return self._observations(key) / f"{vintage}.parquet"

    def read_observations(self, key: str, vintage: str) -> pl.DataFrame:
        """A vintage's table, its file checked against the vintage's record. Raises StoreError."""
        path = self.observations_path(key, vintage)
        if not self.has_observations(key, vintage):
            raise StoreError(
                f"The observations of {key}, vintage {vintage}, are missing or changed on disk. Restore "
                f"{path.name} from a backup; later vintages are not touched."
            )
        return observations.read_parquet(path)

    def has_observations(self, key: str, vintage: str) -> bool:
        """Whether a vintage's table is there with the bytes its record names."""
        record, path = self.get_vintage(key, vintage), self.observations_path(key, vintage)
        return path.is_file() and hash_file(path) == record.observations_sha256

    # ---- one process at a time

    def require_ready(self, key: str) -> None:
        """Raise StoreError, before a source is asked, if what it sends could not be kept."""
        require_writable(self.root / "objects", "stored bytes")
        require_writable(self._snapshots(*_split(key)), "records of fetches")
        require_writable(self._observations(key), "observations")
        latest = self.latest_vintage(key)
        standing = sum(part.bytes or 0 for part in latest.parts.values()) if latest else 0
        require_space(self.root, max(SPACE_WANTED, 2 * standing), f"a refresh of {key}")

    @contextmanager
    def locked(self, key: str) -> Iterator[None]:
        """Hold the lock of one data set; a second process is told who holds it and since when.

        The system frees it if we die, so what is written in it names an owner only while it is held.
        """
        path = self.lock_path(key)
        with disk_errors(path):
            make_folder(path.parent)
            handle = path.open("a+", encoding="utf-8")
        with handle:
            now = datetime.now(UTC)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                handle.seek(0)
                raise StoreError(_describe_holder(handle.read(), key, now)) from None
            with disk_errors(path):
                handle.truncate(0)
                handle.write(this_process(f"refreshing {key}", now).model_dump_json())
                handle.flush()
            yield

    def lock_path(self, key: str) -> Path:
        """The lock file of one data set. It stays when nobody holds it."""
        return self._snapshots(*_split(key)) / ".lock"

    # ---- helpers

    def _snapshots(self, *names: str) -> Path:
        return self.root.joinpath("snapshots", *names)

    def _checkpoint(self, key: str) -> Path:
        return self._snapshots(*_split(key)) / "fetching.json"

    def _ingested(self, key: str) -> Path:
        return self._snapshots(*_split(key)) / "ingested.json"

    def _observations(self, key: str) -> Path:
        return self.root.joinpath("observations", *_split(key))

    def _write(self, path: Path, content: Any) -> None:
        text = json.dumps(content, ensure_ascii=False, sort_keys=True, indent=1) + "\n"
        write_atomic(path, hide(text).encode())


def hash_file(path: Path) -> str:
    """sha256 of a file, read in chunks."""
    with path.open("rb") as body:
        return hashlib.file_digest(body, "sha256").hexdigest()


def _describe_holder(content: str, key: str, now: datetime) -> str:
    try:
        return Owner.model_validate_json(content).describe(now)
    except ValidationError:
        return f"Another process is refreshing {key}. Nothing was done; wait until it ends and try again."


def _split(key: str) -> tuple[str, str]:
    names = key.split("/")
    if len(names) != 2 or not all(is_code(name) and ".." not in name for name in names):
        raise StoreError(f"'{key[:80]}' is not the key of a data set (provider/dataset).")
    return names[0], names[1]


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise StoreError(
            f"The record {path.name} is missing from {path.parent}. Restore it from a backup."
        ) from None
    except ValueError:
        raise StoreError(f"The record {path} is damaged. Restore it from a backup.") from None


def _vintage(path: Path) -> Vintage:
    try:
        return Vintage.model_validate(_read(path))
    except ValidationError:
        raise StoreError(f"The vintage record {path} is damaged. Restore it from a backup.") from None
