"""The verb `candidate`: the finished files, from a green gate.

What belongs here: the conditions, the order, one rename. What does not: any format (bundle.py and its
writers).
"""

from datetime import datetime

from connectors.errors import CheckError, PolicyError
from expectations.report import GateReport
from orchestration.release.build import require_staging
from orchestration.release.bundle import write_bundle
from orchestration.release.checksums import candidate_hash, verify_sums
from orchestration.release.context import ReleaseContext
from orchestration.release.decisions import load_decisions
from orchestration.release.files import fresh_folder, replace_folder, sha256_bytes
from orchestration.release.lock import require_code_of
from orchestration.release.lock_model import load_lock
from orchestration.release.process_lock import one_at_a_time
from orchestration.release.schema import load_schemas
from orchestration.release.state import (
    FINISHED,
    ReleaseState,
    State,
    record,
    require_state,
    void_if_changed,
)


@one_at_a_time
def build_candidate(ctx: ReleaseContext, *, now: datetime) -> ReleaseState:
    """Write every format into a fresh folder, check the finished files, and put the folder in place.

    The same candidate again changes nothing, so its signatures stand. Raises PolicyError if lock, code or
    decisions changed since the gate, CheckError if a validator fails; then the earlier candidate stands.
    """
    current = require_state(ctx, "candidate")
    lock = load_lock(ctx.paths, current)
    require_code_of(lock, ctx)
    decisions = load_decisions(ctx.paths).sha256
    current = void_if_changed(ctx, current, lock_sha256=lock.sha256, decisions_sha256=decisions, now=now)
    if current.state is State.BUILT:
        raise PolicyError(
            f"Release {ctx.release_id} is back at built: {current.history[-1].note}. Check it again."
        )
    staging = require_staging(ctx, lock)
    gate = _require_gate(ctx, current)
    if _stands(ctx, current):
        return current
    schemas = load_schemas(ctx.dbt_project_dir)
    with fresh_folder(ctx.paths.bundle_dir) as fresh:
        written = write_bundle(fresh, staging=staging, lock=lock, gate=gate, schemas=schemas)
    if written.findings:
        said = " ".join(str(finding) for finding in written.findings[:5])
        raise CheckError(
            f"The finished files of {ctx.release_id} failed {len(written.findings)} checks: {said} They are "
            f"in "
            f"{fresh} for inspection; no candidate was made."
        )
    replace_folder(fresh, ctx.paths.bundle_dir)
    hashes = {"candidate": written.candidate_sha256}
    return record(ctx, "candidate", State.CANDIDATE, now=now, hashes=hashes)


def _stands(ctx: ReleaseContext, current: ReleaseState) -> bool:
    """Whether the candidate of these very inputs is here and intact.

    It is not made again, since the same code would write the same bytes. Of a dirty tree nobody knows whether
    the code is still the same, so there it is made again.
    """
    if ctx.code.dirty or current.state not in FINISHED or verify_sums(ctx.paths.bundle_dir):
        return False
    return candidate_hash(ctx.paths.bundle_dir) == current.hashes.get("candidate")


def require_candidate(ctx: ReleaseContext, current: ReleaseState) -> str:
    """The hash of the recorded candidate, if it lies here intact. Raises CheckError otherwise."""
    problems = verify_sums(ctx.paths.bundle_dir)
    if problems:
        raise CheckError(f"The candidate is not as it was made: {' '.join(problems[:3])} Make it again.")
    candidate = candidate_hash(ctx.paths.bundle_dir)
    if candidate != current.hashes.get("candidate"):
        raise CheckError("The candidate here is not the one that was recorded. Make it again.")
    return candidate


def _require_gate(ctx: ReleaseContext, current: ReleaseState) -> GateReport:
    """The recorded report of the gate, if it is green and its file is the one that was recorded."""
    content = ctx.paths.gate_file.read_bytes() if ctx.paths.gate_file.is_file() else b""
    if sha256_bytes(content) != current.hashes.get("gate"):
        raise CheckError(f"gate.json of {ctx.release_id} is not the one that was recorded. Check again.")
    report = GateReport.from_json(content.decode())
    if report.verdict != "green":
        raise CheckError(f"The gate of {ctx.release_id} is red. {' '.join(report.reasons())}")
    return report
