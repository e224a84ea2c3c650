"""What is out: the published releases, which of them stand, which were corrected, which were withdrawn.

What belongs here: reading these records, and the state that follows from them for each published release.
What does not: making the records (publish.py, withdraw.py), showing them (public/).
"""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from pydantic import BaseModel, ConfigDict, ValidationError

from connectors.errors import StoreError, UsageError
from orchestration.release.context import ReleaseContext
from orchestration.release.erratum import Erratum
from orchestration.release.ids import ReleaseId, parse_release_id
from orchestration.release.lock_model import Lock, read_lock
from orchestration.release.paths import ReleasePaths
from orchestration.release.state import State, load_state, record

ERRATUM_FILE = "erratum.json"
"""Beside the bundle of a published correction."""


class Withdrawal(BaseModel):
    """When, by whom and why a release was withdrawn. `reason` is by language; English is always there."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    release: str
    withdrawn_at: datetime
    withdrawn_by: str
    reason: dict[str, str]
    candidate_sha256: str
    published_at: datetime


@dataclass(frozen=True)
class Published:
    """One published release and what became of it."""

    paths: ReleasePaths
    published_at: datetime
    candidate_sha256: str
    erratum: Erratum | None
    withdrawal: Withdrawal | None

    @property
    def release(self) -> str:
        """Its id."""
        return self.paths.release_id

    @property
    def key(self) -> ReleaseId:
        """Its id, for sorting."""
        return parse_release_id(self.release)

    @cached_property
    def lock(self) -> Lock:
        """Its lock."""
        return read_lock(self.paths.published_dir / "lock.json")


@dataclass(frozen=True)
class Record:
    """Every published release, in the order of ids."""

    releases: tuple[Published, ...]

    @property
    def latest(self) -> Published | None:
        """The newest release that stands; none if all are withdrawn or nothing was published."""
        return next((one for one in reversed(self.releases) if one.withdrawal is None), None)

    def corrections(self, release: str) -> tuple[Published, ...]:
        """The standing corrections of a release, oldest first; each corrects the one before it."""
        return tuple(one for one in self.ever_corrected(release) if one.withdrawal is None)

    def ever_corrected(self, release: str) -> tuple[Published, ...]:
        """The corrections of a release, oldest first, the withdrawn ones too: an error once found stays."""
        own = parse_release_id(release)
        return tuple(
            one
            for one in self.releases
            if one.erratum is not None
            and own < one.key
            and (own.year, own.number) == (one.key.year, one.key.number)
        )

    def state_of(self, one: Published) -> State:
        """What became of a published release."""
        if one.withdrawal is not None:
            return State.WITHDRAWN
        return State.CORRECTED if self.corrections(one.release) else State.PUBLISHED


def read_record(paths: ReleasePaths) -> Record:
    """Everything published under this root. Raises StoreError if a record is damaged."""
    folders = [path.parent.name for path in paths.all_published_dir.glob("[!.]*/publication.json")]
    try:
        ids = sorted(parse_release_id(name) for name in folders)
    except UsageError as error:
        raise StoreError(f"A folder among the published releases is none: {error} Move it away.") from error
    return Record(tuple(_read(paths.of(str(one))) for one in ids))


def find_corrected(paths: ReleasePaths) -> Published | None:
    """What the correction `paths` corrects: the newest standing release of its year and number before it."""
    own = parse_release_id(paths.release_id)
    earlier = [
        one
        for one in read_record(paths).releases
        if one.withdrawal is None
        and one.key < own
        and (own.year, own.number) == (one.key.year, one.key.number)
    ]
    return earlier[-1] if earlier else None


def is_withdrawn(paths: ReleasePaths) -> bool:
    """Whether the release was withdrawn."""
    return paths.withdrawal_file.is_file()


def find_unrecorded(ctx: ReleaseContext) -> list[tuple[Published, State]]:
    """The published releases whose state.json does not say yet what became of them."""
    record_ = read_record(ctx.paths)
    due = [(one, record_.state_of(one)) for one in record_.releases]
    return [(one, state) for one, state in due if _recorded_state(one.paths) is not state]


def record_standing(ctx: ReleaseContext, verb: str, now: datetime) -> None:
    """Write into each state.json what became of its release; `verb` is what caused it."""
    for one, state in find_unrecorded(ctx):
        hashes = {"candidate": one.candidate_sha256}
        note = "" if one.release == ctx.release_id else f"by {verb} {ctx.release_id}"
        record(replace(ctx, paths=one.paths), verb, state, now=now, hashes=hashes, note=note)


def _recorded_state(paths: ReleasePaths) -> State | None:
    state = load_state(paths)
    return state.state if state else None


def _read(paths: ReleasePaths) -> Published:
    try:
        publication = json.loads((paths.published_dir / "publication.json").read_bytes())
        erratum = paths.published_dir / ERRATUM_FILE
        withdrawal = paths.withdrawal_file
        return Published(
            paths=paths,
            published_at=datetime.fromisoformat(publication["published_at"]),
            candidate_sha256=publication["candidate_sha256"],
            erratum=Erratum.model_validate_json(erratum.read_bytes()) if erratum.is_file() else None,
            withdrawal=Withdrawal.model_validate_json(withdrawal.read_bytes())
            if withdrawal.is_file()
            else None,
        )
    except (ValueError, KeyError, TypeError, ValidationError) as error:
        raise StoreError(
            f"The records of the published release {paths.release_id} are damaged. Restore them from a copy."
        ) from error
