"""The verb `consult`: every member State sees and comments its own figures before anyone signs.

What belongs here: the conditions, putting the sheets in place, why a consultation holds a candidate back.
What does not: a sheet's content (review_sheets.py), the comments' fields (comments.py).
"""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import polars as pl
from pydantic import BaseModel, ConfigDict, ValidationError

from connectors.disk import make_folder, write_atomic
from connectors.errors import PolicyError
from expectations.report import GateReport
from orchestration.release import names
from orchestration.release.candidate import require_candidate
from orchestration.release.checksums import hash_file
from orchestration.release.comments import COMMENTS_HEAD, read_comments, require_known, unanswered
from orchestration.release.context import ReleaseContext
from orchestration.release.decisions import load_decisions
from orchestration.release.files import canonical_json, fresh_folder, replace_folder, sha256_bytes
from orchestration.release.lock import require_code_of
from orchestration.release.lock_model import Lock, load_lock
from orchestration.release.marks import ILLUSTRATIVE_MARK
from orchestration.release.paths import ReleasePaths
from orchestration.release.process_lock import one_at_a_time
from orchestration.release.refusals import CHECK_FAILED, POLICY, Refusal
from orchestration.release.review_sheets import country_figures, sheet_file, write_sheet
from orchestration.release.state import (
    ReleaseState,
    State,
    record,
    require_state,
    void_if_changed,
)

MANIFEST = "consultation.json"
CHECK_NUMBER = 6
"""A consultation comes before the signatures, so `publish` verifies it together with them."""


class Manifest(BaseModel):
    """Which sheets were made (country code -> SHA-256 of its file) and for which candidate."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    release: str
    candidate_sha256: str
    mark: str | None
    sheets: dict[str, str]

    def to_bytes(self) -> bytes:
        """The manifest as it is written."""
        return canonical_json(self.model_dump(mode="json"))


class ConsultReport(BaseModel):
    """Where the sheets lie and what still waits; `waiting` are the comments without an answer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    release: str
    state: State
    next_step: str | None
    folder: str
    comments_file: str
    sheets: int
    comments: int
    waiting: tuple[str, ...]

    def lines(self) -> list[str]:
        """The report in plain sentences."""
        lines = [
            f"{self.release}: {self.state}. {self.sheets} review sheets, one a member State: {self.folder}",
            f"Comments and answers belong in {self.comments_file}: {self.comments} comments, "
            f"{len(self.waiting)} without an answer.",
            *(f"  waits for an answer: {comment}" for comment in self.waiting),
        ]
        return [*lines, f"Next: circularity release {self.next_step} {self.release}"]


@one_at_a_time
def consult_release(ctx: ReleaseContext, *, now: datetime) -> ConsultReport:
    """Write a review sheet for each member State and, the first time, an empty file for their comments.

    The same candidate again changes nothing but a sheet that is missing or damaged. Raises PolicyError if the
    plan says `consultation: none` or an input changed since the gate, CheckError if the candidate is not the
    recorded one, UsageError if the comments cannot be read or name what no sheet shows.
    """
    current = require_state(ctx, "consult")
    lock = load_lock(ctx.paths, current)
    if not current.wants_consultation:
        raise PolicyError(
            f"The plan of {ctx.release_id} says consultation: none; there is nobody to consult."
        )
    require_code_of(lock, ctx)
    _require_unchanged(ctx, lock, current, now)
    candidate = require_candidate(ctx, current)
    comments = read_comments(ctx.paths.comments_file)
    require_known(comments, *_known(ctx.paths.bundle_dir))
    if not ctx.paths.comments_file.is_file():
        write_atomic(ctx.paths.comments_file, COMMENTS_HEAD.encode())
    if not _stands(ctx.paths, current, lock, candidate):
        _replace_sheets(ctx.paths, lock, candidate)
    recorded = sha256_bytes((ctx.paths.consultation_dir / MANIFEST).read_bytes())
    if current.state is State.CANDIDATE or current.hashes.get("consultation") != recorded:
        state = State.SIGNED if current.state is State.SIGNED else State.CONSULTED
        current = record(ctx, "consult", state, now=now, hashes={"consultation": recorded})
    return ConsultReport(
        release=ctx.release_id,
        state=current.state,
        next_step=current.next_step,
        folder=str(ctx.paths.consultation_dir),
        comments_file=str(ctx.paths.comments_file),
        sheets=len(_known(ctx.paths.bundle_dir)[0]),
        comments=len(comments),
        waiting=tuple(str(comment) for comment in unanswered(comments)),
    )


def find_consultation_faults(
    paths: ReleasePaths, lock: Lock, state: ReleaseState, candidate: str
) -> Iterator[Refusal]:
    """Why the consultation does not release this candidate; nothing if the plan says `consultation: none`.

    Raises UsageError if the comments cannot be read.
    """
    if lock.plan.consultation == "none":
        return
    manifest = _read_manifest(paths)
    if manifest is not None and manifest.candidate_sha256 != candidate:
        yield _refuse(
            POLICY,
            f"The review sheets were made for another candidate ({manifest.candidate_sha256[:12]}…) than "
            f"this one ({candidate[:12]}…). Consult again.",
        )
    elif manifest is None or sha256_bytes(manifest.to_bytes()) != state.hashes.get("consultation"):
        yield _refuse(CHECK_FAILED, f"{MANIFEST} is not the one that was recorded. Consult again.")
    if not paths.comments_file.is_file():
        yield _refuse(
            POLICY, "comments.yaml is missing: nobody can tell what member States said. Restore it."
        )
    waiting = ", ".join(str(comment) for comment in unanswered(read_comments(paths.comments_file)))
    if waiting:
        yield _refuse(POLICY, f"Comments of member States wait for an answer in comments.yaml: {waiting}.")


def find_comment_changes(paths: ReleasePaths, lock: Lock, state: ReleaseState) -> Iterator[Refusal]:
    """Whether comments and answers are those that were signed for; nothing with `consultation: none`."""
    if lock.plan.consultation != "none" and hash_comments(paths) != state.hashes.get("comments"):
        yield _refuse(
            POLICY,
            "comments.yaml is not the file for which the candidate was signed. Restore it, or let those who "
            "signed refuse and sign again.",
        )


def hash_comments(paths: ReleasePaths) -> str:
    """SHA-256 of the comments and answers as they lie there; that of nothing if there are none."""
    return sha256_bytes(paths.comments_file.read_bytes() if paths.comments_file.is_file() else b"")


def _refuse(code: int, sentence: str) -> Refusal:
    return Refusal(check=CHECK_NUMBER, code=code, sentence=sentence)


def _require_unchanged(ctx: ReleaseContext, lock: Lock, current: ReleaseState, now: datetime) -> None:
    decisions = load_decisions(ctx.paths).sha256
    after = void_if_changed(ctx, current, lock_sha256=lock.sha256, decisions_sha256=decisions, now=now)
    if after.state is State.BUILT:
        raise PolicyError(
            f"Release {ctx.release_id} is back at built: {after.history[-1].note}. Check it and make the "
            f"candidate again."
        )


def _known(bundle: Path) -> tuple[frozenset[str], frozenset[str]]:
    """The member States and the indicators a comment may be about."""
    rows = pl.read_parquet(bundle / names.DATA / "rpt_observation.parquet")
    own = rows.filter(pl.col("area_kind") == "country")
    return frozenset(own["ref_area"]), frozenset(own["indicator"])


def _read_manifest(paths: ReleasePaths) -> Manifest | None:
    file = paths.consultation_dir / MANIFEST
    try:
        return Manifest.model_validate_json(file.read_bytes()) if file.is_file() else None
    except ValidationError:
        return None


def _stands(paths: ReleasePaths, current: ReleaseState, lock: Lock, candidate: str) -> bool:
    """Whether the recorded sheets of this candidate lie here, each with its recorded bytes."""
    manifest = _read_manifest(paths)
    if manifest is None or manifest.candidate_sha256 != candidate:
        return False
    if sha256_bytes(manifest.to_bytes()) != current.hashes.get("consultation"):
        return False
    files = {
        area: paths.consultation_dir / sheet_file(lock.release, area, lock.illustrative)
        for area in manifest.sheets
    }
    return all(path.is_file() and hash_file(path) == manifest.sheets[area] for area, path in files.items())


def _replace_sheets(paths: ReleasePaths, lock: Lock, candidate: str) -> None:
    gate = GateReport.from_json((paths.bundle_dir / names.GATE).read_text(encoding="utf-8"))
    sheets: dict[str, str] = {}
    with fresh_folder(paths.consultation_dir) as fresh:
        make_folder(fresh)
        for shown in country_figures(paths.bundle_dir, gate, lock.illustrative):
            dest = fresh / sheet_file(lock.release, shown.area, lock.illustrative)
            write_sheet(dest, shown, lock)
            sheets[shown.area] = hash_file(dest)
        manifest = Manifest(
            release=lock.release,
            candidate_sha256=candidate,
            mark=ILLUSTRATIVE_MARK if lock.illustrative else None,
            sheets=sheets,
        )
        (fresh / MANIFEST).write_bytes(manifest.to_bytes())
    replace_folder(fresh, paths.consultation_dir)
