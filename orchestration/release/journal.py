"""The publication log: one line a step of every publication and withdrawal, in order of doing.

What belongs here: adding a line. What does not: the steps (publish.py, withdraw.py).
"""

import json
from datetime import datetime

from connectors.disk import write_atomic
from orchestration.release.clock import utc_text
from orchestration.release.context import ReleaseContext


def write_journal(ctx: ReleaseContext, now: datetime, step: str) -> None:
    """Add what was done to a release, by whom and when."""
    file = ctx.paths.journal_file
    line = {"at": utc_text(now), "actor": ctx.actor, "release": ctx.release_id, "step": step}
    before = file.read_bytes() if file.is_file() else b""
    write_atomic(file, before + json.dumps(line, sort_keys=True, ensure_ascii=False).encode() + b"\n")
