"""What every verb needs to know about where it works and for whom.

What belongs here: one frozen value, made once at the edge (command line, Dagster) and handed down.
What does not: time, which enters each verb as `now`.
"""

import getpass
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from connectors.config import SourceSettings
from connectors.errors import UsageError
from orchestration.release.code_identity import CodeIdentity, read_code_identity
from orchestration.release.ids import parse_release_id
from orchestration.release.paths import ReleasePaths

ACTOR_VARIABLE = "CIRCULARITY_ACTOR"
REPOSITORY = Path(__file__).resolve().parents[2]
DBT_PROJECT = REPOSITORY / "dbt_project"


@dataclass(frozen=True)
class ReleaseContext:
    """One release, where it lies, which code makes it and who asks (a name as in the plan)."""

    paths: ReleasePaths
    illustrative: bool
    code: CodeIdentity
    actor: str
    dbt_project_dir: Path = DBT_PROJECT

    @property
    def release_id(self) -> str:
        """The id of the release."""
        return self.paths.release_id

    @property
    def root(self) -> Path:
        """The state root."""
        return self.paths.root


def open_release(settings: SourceSettings, release_id: str, *, actor: str | None = None) -> ReleaseContext:
    """The context of `release_id` under `settings.root`. Raises UsageError for an id that does not fit.

    The actor is `actor`, else the environment's CIRCULARITY_ACTOR, else the name of the login.
    """
    illustrative = settings.mode == "sample"
    parse_release_id(release_id, illustrative=illustrative)
    return ReleaseContext(
        paths=ReleasePaths(settings.root.resolve(), release_id),
        illustrative=illustrative,
        code=read_code_identity(REPOSITORY),
        actor=actor or os.environ.get(ACTOR_VARIABLE) or getpass.getuser(),
    )


def require_utc(now: datetime) -> datetime:
    """`now` itself if it is an instant in UTC. Raises UsageError otherwise: a naive time has no meaning."""
    offset = now.utcoffset()
    if offset is None or offset.total_seconds() != 0:
        raise UsageError(f"The time {now.isoformat()} is not given in UTC; no verb works with a local time.")
    return now
