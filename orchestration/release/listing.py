"""The verbs `list` and `show`: where releases stand.

What belongs here: reading state for people. What does not: changing it.
"""

from pathlib import Path

from pydantic import BaseModel, ConfigDict

from connectors.errors import UsageError
from orchestration.release.clock import describe_instant, utc_text
from orchestration.release.decisions import load_decisions
from orchestration.release.ids import parse_release_id
from orchestration.release.lock_model import load_lock
from orchestration.release.paths import ReleasePaths
from orchestration.release.signoff_chain import read_chain
from orchestration.release.state import FINISHED, OUT, load_state


class ReleaseSummary(BaseModel):
    """One release in a list. `since` is when it reached its state, in UTC."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    release: str
    state: str
    since: str
    candidate_sha256: str | None

    def line(self) -> str:
        """One line for people."""
        tail = f"  candidate {self.candidate_sha256[:12]}…" if self.candidate_sha256 else ""
        return f"{self.release:<16} {self.state:<15} since {self.since}{tail}"


class ReleaseView(BaseModel):
    """One release in full. `history` are plain lines, oldest first."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    summary: ReleaseSummary
    next_step: str | None
    embargo: str | None
    hashes: dict[str, str]
    data_sets: dict[str, str]
    sign_offs: tuple[str, ...]
    decisions: tuple[str, ...]
    files: tuple[str, ...]
    history: tuple[str, ...]

    def lines(self) -> list[str]:
        """The view in plain words."""
        lines = [self.summary.line()]
        if self.embargo:
            lines.append(f"Embargo until {self.embargo}")
        lines += [f"  {key}: {what}" for key, what in self.data_sets.items()]
        lines += [f"  {name} {value}" for name, value in sorted(self.hashes.items())]
        lines += (
            ["Sign-offs of this candidate:", *(f"  {line}" for line in self.sign_offs)]
            if self.sign_offs
            else []
        )
        for title, told in (("Decisions:", self.decisions), ("Files:", self.files)):
            lines += [title, *(f"  {line}" for line in told)] if told else []
        lines += ["History:", *(f"  {line}" for line in self.history)]
        if self.next_step:
            lines.append(f"Next step: circularity release {self.next_step} {self.summary.release}")
        return lines


def list_releases(root: Path) -> list[ReleaseSummary]:
    """Every release with a recorded state below `root`, in the order of ids."""
    files = (root / "releases").glob("*/state.json")
    ids = sorted(parse_release_id(path.parent.name) for path in files)
    return [_summarise(ReleasePaths(root, str(release))) for release in ids]


def show_release(paths: ReleasePaths) -> ReleaseView:
    """One release. Raises UsageError if it was never planned here."""
    state = load_state(paths)
    if state is None:
        known = ", ".join(summary.release for summary in list_releases(paths.root)) or "none"
        raise UsageError(f"Release {paths.release_id} is not planned here. Known are: {known}.")
    lock = load_lock(paths, state) if "lock" in state.hashes and paths.lock_file.is_file() else None
    embargo = lock.plan.embargo if lock else None
    candidate = state.hashes.get("candidate")
    standing = read_chain(paths.signoff_file, paths.release_id).standing(candidate) if candidate else ()
    return ReleaseView(
        summary=_summarise(paths),
        next_step=state.next_step,
        embargo=describe_instant(embargo.instant, embargo.zone) if embargo else None,
        hashes=state.hashes,
        data_sets={d.key: d.vintage or f"absent: {d.absence_reason}" for d in lock.datasets} if lock else {},
        sign_offs=tuple(f"{s.name} as {s.role}: {s.decision}, {utc_text(s.time)}" for s in standing),
        decisions=tuple(
            f"{d.kind} {d.file} by {d.author} and {d.approver}, expires {d.expires}: {d.reason}"
            for d in load_decisions(paths).decisions
        ),
        files=tuple(str(path) for path in _find_files(paths)),
        history=tuple(
            f"{e.sequence}. {utc_text(e.at)} {e.verb} by {e.actor}: {e.state_after}"
            + (f" ({e.note})" if e.note else "")
            for e in state.history
        ),
    )


def _find_files(paths: ReleasePaths) -> list[Path]:
    """What a person opens: the bundle's files, where they are now, and else the gate report."""
    published = paths.published_dir / "bundle"
    bundle = published if published.is_dir() else paths.bundle_dir
    if bundle.is_dir():
        return sorted(path for path in bundle.iterdir() if path.is_file())
    return [path for path in (paths.plan_file, paths.gate_page) if path.is_file()]


def _summarise(paths: ReleasePaths) -> ReleaseSummary:
    state = load_state(paths)
    if state is None:
        raise UsageError(f"Release {paths.release_id} is not planned here.")
    shows_candidate = state.state in FINISHED | OUT
    return ReleaseSummary(
        release=paths.release_id,
        state=state.state,
        since=utc_text(state.history[-1].at),
        candidate_sha256=state.hashes.get("candidate") if shows_candidate else None,
    )
