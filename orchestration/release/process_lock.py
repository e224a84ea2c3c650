"""One process at a time: a lock file that names its owner, and taking it over from the dead.

What belongs here: the lock that `publish` holds, and the one of each release.
What does not: locks of data sets (connectors/store.py).
"""

import fcntl
import json
import os
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from connectors.errors import StoreError
from orchestration.release.clock import utc_text
from orchestration.release.context import ReleaseContext, require_utc
from orchestration.release.files import canonical_json, write_atomic

P = ParamSpec("P")
T = TypeVar("T")


class Owner(BaseModel):
    """Who holds a lock. A process id is used again; with the process's start it is unique on a host."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    actor: str
    host: str
    pid: int
    process_start: str
    since: str
    doing: str = "publishing"


def find_owner(path: Path) -> Owner | None:
    """The living, or not provably dead, owner of a lock; None if it is free or its owner is dead.

    Raises StoreError if the lock file cannot be read: then nothing is proved.
    """
    if not path.is_file():
        return None
    try:
        owner = Owner.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise StoreError(
            f"{path.name} cannot be read. Make sure nobody is working on a release, then remove it."
        ) from error
    if owner.host != socket.gethostname():
        return owner
    return owner if process_start(owner.pid) == owner.process_start else None


@contextmanager
def hold_lock(path: Path, actor: str, now: datetime, doing: str = "publishing") -> Iterator[str | None]:
    """Hold the lock; yields a note if it was taken over from the dead. Raises StoreError if it is held."""
    try:
        note = _acquire(path, actor, now, doing)
    except OSError as error:
        raise StoreError(
            f"{path.name} could not be written: {error.strerror}. Nothing was changed."
        ) from error
    try:
        yield note
    finally:
        path.unlink(missing_ok=True)


def one_at_a_time(verb: Callable[P, T]) -> Callable[P, T]:
    """Let a verb `(ctx, *, now, …)` hold the lock of its release, so that two of them never mix their lines.

    Raises StoreError if another process is changing the release.
    """

    @wraps(verb)
    def alone(*args: P.args, **kwargs: P.kwargs) -> T:
        ctx, now = args[0], kwargs["now"]
        assert isinstance(ctx, ReleaseContext) and isinstance(now, datetime)
        doing = f"changing release {ctx.release_id}"
        with hold_lock(ctx.paths.verb_lock_file, ctx.actor, require_utc(now), doing):
            return verb(*args, **kwargs)

    return alone


def _acquire(path: Path, actor: str, now: datetime, doing: str) -> str | None:
    path.parent.mkdir(parents=True, exist_ok=True)
    own = Owner(
        actor=actor,
        host=socket.gethostname(),
        pid=os.getpid(),
        process_start=process_start(os.getpid()) or "unknown",
        since=utc_text(now),
        doing=doing,
    )
    guard = os.open(path.parent, os.O_RDONLY)
    try:
        # The system frees this guard on the folder if we die; it keeps two heirs from taking over at once.
        fcntl.flock(guard, fcntl.LOCK_EX)
        owner = find_owner(path)
        if owner is not None:
            raise StoreError(describe_owner(owner))
        note = _describe_takeover(path)
        write_atomic(path, canonical_json(json.loads(own.model_dump_json())))
    finally:
        os.close(guard)
    return note


def _describe_takeover(path: Path) -> str | None:
    if not path.exists():
        return None
    dead = Owner.model_validate_json(path.read_bytes())
    return f"The lock of {dead.actor} (process {dead.pid}, which has ended) was taken over."


def describe_owner(owner: Owner) -> str:
    """The sentence for whoever has to wait."""
    return (
        f"{owner.actor} (process {owner.pid} on {owner.host}) has been {owner.doing} since {owner.since}. "
        "Wait until it has finished, then repeat."
    )


def process_start(pid: int) -> str | None:
    """When a process of this host started, in the system's own words; None if there is no such process."""
    stat = Path(f"/proc/{pid}/stat")
    if Path("/proc/self/stat").is_file():
        try:
            # Field 22, counted after the command's name, which may itself hold blanks and brackets.
            return stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[19]
        except (FileNotFoundError, ProcessLookupError):
            return None
    done = subprocess.run(
        ["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return done.stdout.strip() or None
