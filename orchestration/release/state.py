"""The state machine of a release, kept in state.json with its history.

What belongs here: the states, which verb may follow which, what a change of inputs undoes.
What does not: the work of any verb. No state is ever inferred from a file that happens to exist; a published
folder alone is believed, and only as a reason to refuse.
"""

import json
from collections.abc import Collection, Mapping
from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, ValidationError

from connectors.disk import write_atomic
from connectors.errors import PolicyError, StoreError, UsageError
from orchestration.release.code_identity import CodeIdentity
from orchestration.release.context import ReleaseContext, require_utc
from orchestration.release.files import canonical_json
from orchestration.release.paths import ReleasePaths


class State(StrEnum):
    """How far a release has come."""

    PLANNED = "planned"
    LOCKED = "locked"
    BUILT = "built"
    CHECKED_GREEN = "checked: green"
    CHECKED_RED = "checked: red"
    CANDIDATE = "candidate"
    CONSULTED = "consulted"
    SIGNED = "signed"
    PUBLISHED = "published"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"


FINISHED = frozenset({State.CANDIDATE, State.CONSULTED, State.SIGNED})
"""The states in which a finished candidate stands."""

OUT = frozenset({State.PUBLISHED, State.CORRECTED, State.WITHDRAWN})
"""The states after publication: the id is frozen for good."""

_AT_WORK = frozenset(State) - OUT
ALLOWED_BEFORE: Mapping[str, frozenset[State]] = {
    "lock": _AT_WORK,
    "build": _AT_WORK - {State.PLANNED},
    "check": _AT_WORK - {State.PLANNED, State.LOCKED},
    "candidate": FINISHED | {State.CHECKED_GREEN},
    "consult": FINISHED,
    "sign-off": FINISHED,
    "access": frozenset({State.SIGNED}),
}
"""From which states a verb may start. Doing an earlier step again is allowed; skipping one is not. (From a
candidate whose plan wants a consultation, no sign-off: see `require_state`.)"""

NEXT_STEP: Mapping[State, str] = {
    State.PLANNED: "lock",
    State.LOCKED: "build",
    State.BUILT: "check",
    State.CHECKED_RED: "check",
    State.CHECKED_GREEN: "candidate",
    State.CANDIDATE: "sign-off",
    State.CONSULTED: "sign-off",
    State.SIGNED: "publish",
}

_LOGS = frozenset({"signoffs", "access", "comments"})
_BUILT = frozenset({"plan", "lock", "code", "data"}) | _LOGS
_CHECKED = _BUILT | {"decisions", "gate"}
HASHES_UP_TO: Mapping[State, frozenset[str]] = {
    State.PLANNED: frozenset({"plan"}) | _LOGS,
    State.LOCKED: _BUILT - {"data"},
    State.BUILT: _BUILT,
    State.CHECKED_GREEN: _CHECKED,
    State.CHECKED_RED: _CHECKED,
    State.CANDIDATE: _CHECKED | {"candidate"},
}
"""Which recorded hashes still hold after a return to an earlier state. Those of the two append-only logs,
signoff.jsonl and access.jsonl, always hold, and that of the comments for which somebody signed."""


class Event(BaseModel):
    """One line of history. `hashes` are those the verb made or relied on; `code` is the identity's key."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sequence: int
    verb: str
    state_before: State | None
    state_after: State
    at: datetime
    actor: str
    code: str
    hashes: dict[str, str]
    note: str = ""


class ReleaseState(BaseModel):
    """State, the hashes that hold in it, and everything that happened. `wants_consultation` is the lock's."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    release: str
    state: State
    hashes: dict[str, str]
    history: tuple[Event, ...]
    wants_consultation: bool = False

    @property
    def next_step(self) -> str | None:
        """The verb that leads on; none once the release is out."""
        if self.state is State.CANDIDATE and self.wants_consultation:
            return "consult"
        return NEXT_STEP.get(self.state)

    @property
    def unsigned_state(self) -> State:
        """The state of this candidate while a signature is missing."""
        return State.CONSULTED if self.wants_consultation else State.CANDIDATE

    def builders(self) -> frozenset[str]:
        """Everyone who made what this candidate consists of: a lock throws away all that was before it."""
        locks = [e.sequence for e in self.history if e.verb == "lock"]
        verbs, since = {"lock", "build", "check", "candidate"}, max(locks, default=0)
        return frozenset(e.actor for e in self.history if e.verb in verbs and e.sequence >= since)


def load_state(paths: ReleasePaths) -> ReleaseState | None:
    """Read state.json; None if the release was never planned. Raises StoreError if the file is damaged."""
    if not paths.state_file.is_file():
        return None
    try:
        return ReleaseState.model_validate_json(paths.state_file.read_bytes())
    except ValidationError as error:
        raise StoreError(
            f"state.json of release {paths.release_id} cannot be read ({error.error_count()} faults). "
            "Restore it from a backup; the state is never guessed from other files."
        ) from error


def require_state(ctx: ReleaseContext, verb: str) -> ReleaseState:
    """The state if `verb` may run from it. Raises UsageError before `plan`, PolicyError on a skip."""
    refuse_if_published(ctx.paths, verb)
    current = load_state(ctx.paths)
    if current is None:
        raise UsageError(
            f"Release {ctx.release_id} is not planned. Run: circularity release plan {ctx.release_id}"
        )
    skips_consultation = verb == "sign-off" and current.next_step == "consult"
    if current.state not in ALLOWED_BEFORE[verb] or skips_consultation:
        raise PolicyError(
            f"Release {ctx.release_id} is {current.state}: {verb} cannot follow, no step is skipped. "
            f"The next step is: circularity release {current.next_step} {ctx.release_id}"
        )
    return current


def require_published(ctx: ReleaseContext, verb: str) -> ReleaseState:
    """The state of a release that is out. Raises UsageError before `plan`, PolicyError before `publish`."""
    current = load_state(ctx.paths)
    if current is None:
        raise UsageError(f"Release {ctx.release_id} is not planned here. Run: circularity release list")
    if not ctx.paths.published_dir.exists():
        raise PolicyError(
            f"Release {ctx.release_id} is {current.state} and not published: there is nothing to {verb}."
        )
    return current


def refuse_if_published(paths: ReleasePaths, verb: str) -> None:
    """Raise PolicyError if the release is published: an id, once published, is frozen."""
    current = load_state(paths)
    if paths.published_dir.exists() or (current is not None and current.state in OUT):
        raise PolicyError(
            f"Release {paths.release_id} is published and therefore frozen; {verb} changes nothing. "
            "A correction gets a new id."
        )


def record(
    ctx: ReleaseContext,
    verb: str,
    state: State,
    *,
    now: datetime,
    hashes: Mapping[str, str],
    note: str = "",
    wants_consultation: bool | None = None,
) -> ReleaseState:
    """Append one event and write state.json. `hashes` are added to those which hold in the new state.

    Only the lock gives `wants_consultation`; it then holds until the next lock.
    """
    before = load_state(ctx.paths)
    history = before.history if before else ()
    event = Event(
        sequence=len(history) + 1,
        verb=verb,
        state_before=before.state if before else None,
        state_after=state,
        at=require_utc(now),
        actor=ctx.actor,
        code=ctx.code.key,
        hashes=dict(hashes),
        note=note,
    )
    kept = _kept_hashes(before, state)
    if wants_consultation is None:
        wants_consultation = before is not None and before.wants_consultation
    after = ReleaseState(
        release=ctx.release_id,
        state=state,
        hashes={**kept, **hashes},
        history=(*history, event),
        wants_consultation=wants_consultation,
    )
    write_atomic(ctx.paths.state_file, canonical_json(json.loads(after.model_dump_json())))
    return after


def _kept_hashes(before: ReleaseState | None, state: State) -> dict[str, str]:
    if before is None:
        return {}
    return _restrict(before.hashes, HASHES_UP_TO.get(state))


def _restrict(hashes: Mapping[str, str], names: Collection[str] | None) -> dict[str, str]:
    return {name: value for name, value in hashes.items() if names is None or name in names}


JUDGED_STATES = FINISHED | {State.CHECKED_GREEN, State.CHECKED_RED}


def find_changes(
    current: ReleaseState, *, lock_sha256: str, code: CodeIdentity, decisions_sha256: str
) -> list[str]:
    """What differs from the inputs under which the release was last judged; one word group an item."""
    pairs = [
        ("the lock", "lock", lock_sha256),
        ("the code", "code", code.key),
        ("a waiver, acceptance, approval or erratum", "decisions", decisions_sha256),
    ]
    if current.state not in JUDGED_STATES:
        return []
    return [words for words, name, value in pairs if current.hashes.get(name) != value]


def void_if_changed(
    ctx: ReleaseContext, current: ReleaseState, *, lock_sha256: str, decisions_sha256: str, now: datetime
) -> ReleaseState:
    """Return the release to `built` if lock, code or decisions changed since it was judged.

    Signatures already given stay in signoff.jsonl, which is append-only; they stop counting, for a sign-off
    counts only together with a state of `candidate` or later and for the candidate hash recorded there.
    """
    changed = find_changes(current, lock_sha256=lock_sha256, code=ctx.code, decisions_sha256=decisions_sha256)
    if not changed:
        return current
    note = f"changed since it was judged: {', '.join(changed)}; gate, candidate and signatures are void"
    return record(ctx, "void", State.BUILT, now=now, hashes={}, note=note)
