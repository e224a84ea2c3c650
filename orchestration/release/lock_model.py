"""The lock of a release: its fields, reading and checking the file.

What belongs here: the typed lock. What does not: making one (lock.py), building from one (build.py).
"""

import json
from datetime import date
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from connectors.errors import CheckError, UsageError, quote
from connectors.records import PartState, SourceWarning
from orchestration.release.code_identity import CodeIdentity
from orchestration.release.erratum import Erratum
from orchestration.release.files import canonical_json, sha256_bytes
from orchestration.release.paths import ReleasePaths
from orchestration.release.plan_model import Plan
from orchestration.release.state import ReleaseState, State

FORMAT: Literal["circularity-lock/2"] = "circularity-lock/2"
"""Goes up when a field is added or changes its meaning: an old lock is read by the code it names."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class LockedDataset(_Part):
    """One declared data set: the vintage pinned, or why there is none.

    `warnings` are those of every vintage since the one the predecessor pins.
    """

    provider: str
    dataset: str
    title: str
    spec_sha256: str
    licence: str
    licence_url: str
    rows_may_appear: bool
    citation: str
    row_cap: int | None
    is_absent: bool
    absence_reason: str | None = None
    vintage: str | None = None
    producer_date: str | None = None
    raw_sha256: str | None = None
    content_sha256: str | None = None
    observations_sha256: str | None = None
    rows: int = 0
    illustrative: bool
    parts: dict[str, PartState] = {}
    warnings: tuple[SourceWarning, ...] = ()

    @property
    def key(self) -> str:
        """`<provider>/<dataset>`."""
        return f"{self.provider}/{self.dataset}"


class LockedPredecessor(_Part):
    """The release this one is compared with."""

    release: str
    candidate_sha256: str
    data_sha256: str


class LockedRelease(_Part):
    """An earlier published release as the record stood when the lock was made.

    `reason` says by language why it was withdrawn; English is always there.
    """

    release: str
    issued: date
    state: State
    erratum: Erratum | None = None
    reason: dict[str, str] | None = None


class LockedMethod(_Part):
    """The method configuration, whole, so that a reader needs no repository to see the thresholds."""

    version: str
    sha256: str
    content: str


class Lock(_Part):
    """Everything a build may depend on. `targets` are the predecessor's frozen target values, row by row.

    `erratum` is that of a correction; `earlier` are the releases of which the pages tell, oldest first.
    """

    format: Literal["circularity-lock/2"] = FORMAT
    release: str
    reference_year: int
    illustrative: bool
    plan: Plan
    datasets: tuple[LockedDataset, ...]
    predecessor: LockedPredecessor | None
    erratum: Erratum | None = None
    earlier: tuple[LockedRelease, ...] = ()
    targets: tuple[dict[str, Any], ...]
    method: LockedMethod
    code: CodeIdentity
    environment_sha256: str

    def to_bytes(self) -> bytes:
        """The lock as it is written, byte for byte."""
        return canonical_json(self.model_dump(mode="json"))

    @property
    def address(self) -> str | None:
        """Where the bundle lies on the web for good, without a closing slash, if the plan states it."""
        return None if self.plan.address is None else f"{self.plan.address}/{self.release}/bundle"

    @property
    def is_correction(self) -> bool:
        """Whether the release corrects its predecessor: then it is compared as that one was."""
        return self.erratum is not None

    @property
    def sha256(self) -> str:
        """Hash of the lock as written."""
        return sha256_bytes(self.to_bytes())


def read_lock(path: Path) -> Lock:
    """Read a lock file. Raises UsageError if it is not one, CheckError if it is not in its canonical form."""
    try:
        content = path.read_bytes()
        fields = json.loads(content)
        _refuse_other_format(path, fields)
        lock = Lock.model_validate(fields)
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise UsageError(
            f"{path.name} cannot be read as a lock file. Give the lock.json of a release."
        ) from error
    except ValidationError as error:
        faults = ", ".join(sorted({".".join(map(str, fault["loc"])) for fault in error.errors()}))
        raise UsageError(f"{path.name} is not a lock file of this version: faults in {faults}.") from error
    if lock.to_bytes() != content:
        raise CheckError(
            f"{path.name} was edited: it is not in the form in which a lock is written. Lock again."
        )
    return lock


def _refuse_other_format(path: Path, fields: Any) -> None:
    """Refuse a lock that other code wrote, and name that code if the lock does."""
    written = fields.get("format") if isinstance(fields, dict) else None
    if not isinstance(written, str) or written == FORMAT:
        return
    code = fields.get("code")
    commit = code.get("commit") if isinstance(code, dict) else None
    raise UsageError(
        f"{path.name} is written as {quote(written)} and this code reads {FORMAT}. To read or rebuild that "
        f"release, check out the commit it names: {quote(str(commit))}."
    )


def load_lock(paths: ReleasePaths, state: ReleaseState) -> Lock:
    """The lock of a release, if it is still the one the verb `lock` recorded. Raises CheckError otherwise."""
    if not paths.lock_file.is_file():
        raise CheckError(f"lock.json of release {paths.release_id} is missing. Lock again.")
    lock = read_lock(paths.lock_file)
    if lock.sha256 != state.hashes.get("lock"):
        raise CheckError(
            f"lock.json of release {paths.release_id} is not the one that was recorded. Lock again."
        )
    return lock
