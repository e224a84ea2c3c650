"""Who holds a lock: an owner who can be named, and proved dead.

What belongs here: the owner's record, the proof, the sentence for whoever has to wait. What does not: taking
and freeing a lock (store.py for a data set, orchestration.release.process_lock for a release).
"""

from __future__ import annotations

import getpass
import os
import socket
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from connectors.records import utc_text

_DAY = 24 * 3600


class Owner(BaseModel):
    """Who holds a lock. A process id is used again; with the process's start it is unique on a host."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    actor: str
    host: str
    pid: int
    process_start: str
    since: str
    doing: str = "publishing"

    @property
    def is_dead(self) -> bool:
        """Whether it is proved that the process has ended; of another host nothing is proved."""
        return self.host == socket.gethostname() and process_start(self.pid) != self.process_start

    def describe(self, now: datetime) -> str:
        """The sentence for whoever has to wait."""
        return (
            f"{self.actor} (process {self.pid} on {self.host}) has been {self.doing} since {self.since} "
            f"({_age(self.since, now)}). Nothing was done; wait until it has finished, then repeat. "
            "Runbook: O06."
        )


def this_process(doing: str, now: datetime, actor: str = "") -> Owner:
    """This very process as the owner of a lock taken `now`; without an actor, under the name of its user."""
    return Owner(
        actor=actor or _user(),
        host=socket.gethostname(),
        pid=os.getpid(),
        process_start=process_start(os.getpid()) or "unknown",
        since=utc_text(now),
        doing=doing,
    )


def process_start(pid: int) -> str | None:
    """When a process of this host started, in the system's own words; None if there is no such process.

    On Linux: ticks since the machine started, and which start of the machine that was.
    """
    stat = Path(f"/proc/{pid}/stat")
    if Path("/proc/self/stat").is_file():
        try:
            # Field 22, counted after the command's name, which may itself hold blanks and brackets.
            fields = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            return None
        # A zombie has ended; only its parent has not noticed.
        return None if fields[0] in ("Z", "X") else f"{fields[19]} of {_boot_id()}"
    done = subprocess.run(
        ["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return done.stdout.strip() or None


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"user {os.getuid()}"


def _boot_id() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return "an unknown start"


def _age(since: str, now: datetime) -> str:
    seconds = int((now.astimezone(UTC) - datetime.fromisoformat(since)).total_seconds())
    if seconds < 0:
        return "by a clock ahead of this one"
    days, rest = divmod(seconds, _DAY)
    hours, minutes = rest // 3600, rest // 60 % 60
    return f"{days} d {hours} h" if days else f"{hours} h {minutes} min" if hours else f"{minutes} min"
