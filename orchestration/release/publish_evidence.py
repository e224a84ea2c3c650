"""What the checks of `publish` look at, read once.

What belongs here: the records and files of one release as they lie there. What does not: any judgement of
them (publish_checks.py).
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from expectations.report import GateReport
from orchestration.release.checksums import candidate_hash
from orchestration.release.context import ReleaseContext
from orchestration.release.decisions import DecisionSet, load_decisions
from orchestration.release.lock_model import Lock, load_lock
from orchestration.release.signoff_chain import Chain, read_chain
from orchestration.release.state import ReleaseState


@dataclass(frozen=True)
class Evidence:
    """Everything the checks look at, read once."""

    ctx: ReleaseContext
    now: datetime
    state: ReleaseState
    lock: Lock
    decided: DecisionSet
    gate: GateReport
    chain: Chain
    candidate_sha256: str

    @property
    def bundle(self) -> Path:
        """The candidate bundle."""
        return self.ctx.paths.bundle_dir


def gather_evidence(ctx: ReleaseContext, state: ReleaseState, now: datetime) -> Evidence:
    """Read it. Raises ValueError or a CircularityError if the files are not those that were recorded."""
    bundle = ctx.paths.bundle_dir
    missing = [name for name in ("SHA256SUMS", "gate.json") if not (bundle / name).is_file()]
    if missing:
        raise ValueError(f"{' and '.join(missing)} of the candidate is missing. Make the candidate again.")
    return Evidence(
        ctx=ctx,
        now=now,
        state=state,
        lock=load_lock(ctx.paths, state),
        decided=load_decisions(ctx.paths),
        gate=GateReport.from_json((bundle / "gate.json").read_text(encoding="utf-8")),
        chain=read_chain(ctx.paths.signoff_file, ctx.release_id),
        candidate_sha256=candidate_hash(bundle),
    )
