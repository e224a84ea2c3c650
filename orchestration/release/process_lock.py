"""One process at a time: a lock file that names its owner, and taking it over from the dead.

What belongs here: the lock that `publish` holds, and the one of each release.
What does not: locks of data sets (connectors/store.py).
"""

import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

from pydantic import ValidationError

from connectors.disk import write_atomic
from connectors.errors import StoreError
from connectors.locks import Owner, this_process
from orchestration.release.context import ReleaseContext, require_utc
from orchestration.release.files import canonical_json

P = ParamSpec("P")
T = TypeVar("T")


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
    return None if owner.is_dead else owner


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
    own = this_process(doing, now, actor)
    guard = os.open(path.parent, os.O_RDONLY)
    try:
        # The system frees this guard on the folder if we die; it keeps two heirs from taking over at once.
        fcntl.flock(guard, fcntl.LOCK_EX)
        owner = find_owner(path)
        if owner is not None:
            raise StoreError(owner.describe(now))
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
