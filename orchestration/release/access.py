"""The verb `access`: record who was given the signed candidate before the embargo.

What belongs here: the conditions and the log. What does not: giving access, which the office does itself.

The log is append-only, lies beside the candidate and is never published. state.json keeps its hash.
"""

from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from connectors.disk import write_atomic
from connectors.errors import CheckError, PolicyError
from orchestration.release.candidate import require_candidate
from orchestration.release.clock import describe_instant
from orchestration.release.context import ReleaseContext, require_utc
from orchestration.release.files import sha256_bytes
from orchestration.release.lock_model import load_lock
from orchestration.release.plan_model import Plan
from orchestration.release.process_lock import one_at_a_time
from orchestration.release.signoff_chain import person_key
from orchestration.release.state import ReleaseState, record, require_state

_GIVEN = "given to "


class Access(BaseModel):
    """One line: to whom of the plan's list, which candidate, when (UTC), by whom."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    to: str
    candidate_sha256: str
    at: datetime
    by: str

    def to_line(self) -> bytes:
        """The line as it is written."""
        return self.model_dump_json().encode() + b"\n"


@one_at_a_time
def grant_access(ctx: ReleaseContext, *, to: str, now: datetime) -> ReleaseState:
    """Add one line for the present candidate; the same name again for the same candidate changes nothing.

    Raises PolicyError for an unsigned candidate, a name that is not in the plan's list, or after the embargo;
    CheckError if the candidate or the log is not the recorded one.
    """
    current = require_state(ctx, "access")
    plan = load_lock(ctx.paths, current).plan
    name = _require_listed(plan, to)
    _require_embargo(plan, require_utc(now))
    candidate = require_candidate(ctx, current)
    lines = _require_log(ctx, current)
    if (name, candidate) not in {(line.to, line.candidate_sha256) for line in lines}:
        lines = (*lines, Access(to=name, candidate_sha256=candidate, at=now, by=ctx.actor))
        write_atomic(ctx.paths.access_file, _content(lines))
    digest = sha256_bytes(_content(lines))
    if current.hashes.get("access") == digest:
        return current
    return record(ctx, "access", current.state, now=now, hashes={"access": digest}, note=f"{_GIVEN}{name}")


def say_access(state: ReleaseState, to: str) -> str:
    """What is recorded of this person, whatever happened since: the note of their own event."""
    notes = [event.note for event in state.history if event.verb == "access"]
    wanted = person_key(f"{_GIVEN}{to}")
    return next((note for note in reversed(notes) if person_key(note) == wanted), "")


def read_access(path: Path) -> tuple[Access, ...]:
    """The log; empty if there is none. Raises CheckError for a line that is not as it was written."""
    content = path.read_bytes() if path.is_file() else b""
    try:
        lines = tuple(Access.model_validate_json(line) for line in content.splitlines())
    except ValidationError as error:
        raise CheckError(f"{path.name} cannot be read. Restore it from a backup.") from error
    if _content(lines) != content:
        raise CheckError(f"{path.name} is not as it was written. Restore it from a backup.")
    return lines


def _content(lines: tuple[Access, ...]) -> bytes:
    return b"".join(line.to_line() for line in lines)


def _require_log(ctx: ReleaseContext, current: ReleaseState) -> tuple[Access, ...]:
    """The log, if it begins with all that was recorded: a process may die between the line and the record."""
    lines = read_access(ctx.paths.access_file)
    recorded = current.hashes.get("access", sha256_bytes(b""))
    if recorded not in {sha256_bytes(_content(lines[:n])) for n in range(len(lines) + 1)}:
        raise CheckError("access.jsonl lacks lines that were recorded. Restore it from a backup.")
    return lines


def _require_listed(plan: Plan, to: str) -> str:
    named = next((name for name in plan.pre_release_access if person_key(name) == person_key(to)), None)
    if named is None:
        listed = ", ".join(plan.pre_release_access) or "nobody"
        raise PolicyError(f"The plan gives {to} no access before the embargo; it names {listed}.")
    return named


def _require_embargo(plan: Plan, now: datetime) -> None:
    if plan.embargo is None:
        raise PolicyError("The plan states no embargo, so there is no time before it. State it, then lock.")
    if now >= plan.embargo.instant:
        until = describe_instant(plan.embargo.instant, plan.embargo.zone)
        raise PolicyError(f"The embargo ended at {until}: everyone gets access by the publication.")
