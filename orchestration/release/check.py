"""The verb `check`: the data of a release are judged.

What belongs here: running the gate on staging, keeping its report. What does not: the rules (expectations/).
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from connectors.disk import write_atomic
from expectations.report import GateReport
from expectations.runner import run_gate
from expectations.waivers import Decision
from orchestration.release.build import require_staging
from orchestration.release.context import ReleaseContext
from orchestration.release.decisions import load_decisions
from orchestration.release.files import sha256_bytes
from orchestration.release.gate_page import render
from orchestration.release.lock import require_code_of
from orchestration.release.lock_model import Lock, load_lock
from orchestration.release.process_lock import one_at_a_time
from orchestration.release.state import FINISHED, State, record, require_state


@one_at_a_time
def check_release(ctx: ReleaseContext, *, now: datetime) -> GateReport:
    """Judge the built tables, write gate.json and gate.html, record green or red, and return the report.

    A red gate is a result, not an error: every reason is in the report. A repeated check of unchanged data
    with unchanged decisions leaves a candidate and its signatures as they are.
    """
    current = require_state(ctx, "check")
    lock = load_lock(ctx.paths, current)
    require_code_of(lock, ctx)
    staging = require_staging(ctx, lock)
    decided = load_decisions(ctx.paths)
    report = judge(staging, lock, decided.decisions)
    content = report.to_json().encode()
    hashes = {
        "lock": lock.sha256,
        "code": ctx.code.key,
        "data": report.data_hash,
        "decisions": decided.sha256,
        "gate": sha256_bytes(content),
    }
    if current.state in FINISHED and all(current.hashes.get(k) == v for k, v in hashes.items()):
        return report
    write_atomic(ctx.paths.gate_file, content)
    write_atomic(ctx.paths.gate_page, render(report).encode())
    state = State.CHECKED_GREEN if report.verdict == "green" else State.CHECKED_RED
    record(ctx, "check", state, now=now, hashes=hashes, note=f"gate {report.verdict}")
    return report


def judge(folder: Path, lock: Lock, decisions: Sequence[Decision]) -> GateReport:
    """Run the gate on folder/data against folder/compared, as the lock's plan says."""
    compared = folder / "compared"
    return run_gate(
        folder / "data",
        compared if compared.is_dir() else None,
        decisions,
        release_id=lock.release,
        as_of=lock.plan.date,
        planned_datasets=lock.plan.datasets,
        is_correction=lock.is_correction,
    )
