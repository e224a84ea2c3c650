"""The verb `publish`: the one deliberate act, after everything was verified anew.

What belongs here: the steps of a publication, their order, and finishing an interrupted one.
What does not: the checks (publish_checks.py). One rename decides: before it nothing is published, after it
the release is, and every later step can be repeated.
"""

import shutil
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from connectors.disk import disk_errors, sync_folder, sync_tree, write_atomic
from connectors.errors import CircularityError, StoreError, UsageError
from orchestration.release.checksums import candidate_hash, verify_sums
from orchestration.release.clock import utc_text
from orchestration.release.context import ReleaseContext, require_utc
from orchestration.release.correct import require_erratum
from orchestration.release.files import (
    canonical_json,
    is_read_only,
    make_read_only,
    remove_folder,
)
from orchestration.release.ids import parse_release_id
from orchestration.release.journal import write_journal
from orchestration.release.lock_model import read_lock
from orchestration.release.predecessor import read_publication
from orchestration.release.process_lock import hold_lock
from orchestration.release.public.outlet import build_outlet, is_current, write_public
from orchestration.release.publish_checks import check_place, find_refusals
from orchestration.release.refusals import CHECK_FAILED, LOCAL, POLICY, Refusal, exit_code_of
from orchestration.release.signoff_chain import read_chain
from orchestration.release.standing import ERRATUM_FILE, find_unrecorded, is_withdrawn, record_standing
from orchestration.release.state import ReleaseState, load_state


class PublishReport(BaseModel):
    """What publish found and did. With `is_executed`, the release is published; refusals then say what of the
    steps after that is missing.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    release: str
    is_executed: bool
    was_published: bool
    refusals: tuple[Refusal, ...]
    notes: tuple[str, ...]

    @property
    def exit_code(self) -> int:
        """0, or the code of the gravest refusal; the same for a dry run."""
        return exit_code_of(self.refusals)

    def lines(self) -> list[str]:
        """The report in plain sentences."""
        if self.refusals and self.is_executed:
            head = f"Release {self.release} is published; what comes after could not be finished:"
            again = "The same command again finishes it. Runbook: O04."
            return [head, *(f"  {r.sentence}" for r in self.refusals), again, *self.notes]
        if self.refusals:
            did = "was published before" if self.was_published else "was not published"
            head = f"Release {self.release} {did} and nothing was changed:"
            return [head, *(f"  {r.sentence}" for r in self.refusals), *self.notes]
        if self.was_published:
            return [f"Release {self.release} is already published.", *self.notes]
        if self.is_executed:
            return [f"Release {self.release} is published.", *self.notes]
        return [f"Release {self.release} may be published. This was a dry run; add --execute.", *self.notes]


@dataclass(frozen=True)
class Act:
    """One publication under way: which release, its state when it began, and the time it is given."""

    ctx: ReleaseContext
    state: ReleaseState
    now: datetime


def publish_release(ctx: ReleaseContext, *, now: datetime, execute: bool = False) -> PublishReport:
    """Verify everything, then publish if `execute`. A refusal changes nothing; a dry run gives the same
    codes.

    A release already published with this very candidate is finished or repaired where a step is missing.
    """
    require_utc(now)
    state = load_state(ctx.paths)
    if state is None:
        raise UsageError(f"Release {ctx.release_id} is not planned here. Run: circularity release list")
    act = Act(ctx, state, now)
    is_published = ctx.paths.published_dir.exists()
    try:
        place = [] if is_published else check_place(ctx, now)
        if place:
            return _report(act, [*find_refusals(ctx, state, now), *place])
        with (
            hold_lock(ctx.paths.publish_lock_file, ctx.actor, now) if execute else nullcontext() as note,
            hold_lock(ctx.paths.verb_lock_file, ctx.actor, now) if execute else nullcontext(),
        ):
            notes = (note,) if note else ()
            if ctx.paths.published_dir.exists():
                return _finish(act, execute, notes)
            refusals = find_refusals(ctx, state, now)
            if not refusals:
                build_outlet(ctx.paths)  # what could not be shown afterwards is told before the rename
            if refusals or not execute:
                return _report(act, refusals, notes=notes)
            for step in _STEPS:
                step(act)
            return _report(act, [], is_executed=True, notes=notes)
    except (CircularityError, OSError) as error:
        sentence = str(error) if isinstance(error, CircularityError) else _say_fault(error)
        is_out = execute and ctx.paths.published_dir.exists()
        refusal = Refusal(check=12, code=LOCAL, sentence=sentence)
        return _report(act, [refusal], is_executed=is_out, was_published=is_published)


def _say_fault(error: OSError) -> str:
    return f"{error.filename or 'A file'} could not be read or written: {error.strerror or error}."


def _report(
    act: Act,
    refusals: list[Refusal],
    *,
    is_executed: bool = False,
    was_published: bool = False,
    notes: tuple[str, ...] = (),
) -> PublishReport:
    return PublishReport(
        release=act.ctx.release_id,
        is_executed=is_executed,
        was_published=was_published,
        refusals=tuple(refusals),
        notes=notes,
    )


def _finish(act: Act, execute: bool, notes: tuple[str, ...]) -> PublishReport:
    """The folder is there, so it is published: see that it is the right one and complete the rest."""
    bundle = act.ctx.paths.published_dir / "bundle"
    if not read_publication(act.ctx.paths):
        sentence = "The published release is damaged: publication.json is missing. Restore it from a copy."
        return _report(act, [Refusal(check=2, code=CHECK_FAILED, sentence=sentence)], was_published=True)
    if is_withdrawn(act.ctx.paths):
        sentence = "The release was withdrawn and is never published again. Plan a new one."
        return _report(act, [Refusal(check=1, code=POLICY, sentence=sentence)], was_published=True)
    problems = verify_sums(bundle)
    if problems:
        sentence = f"The published release is damaged: {' '.join(problems[:3])} Restore it from a copy."
        return _report(act, [Refusal(check=2, code=CHECK_FAILED, sentence=sentence)], was_published=True)
    if candidate_hash(bundle) != act.state.hashes.get("candidate"):
        sentence = "The id is already published under another hash. A correction gets a new id."
        return _report(act, [Refusal(check=1, code=POLICY, sentence=sentence)], was_published=True)
    missing = [(words, step) for words, is_done, step in _AFTERWARDS if not is_done(act)]
    if execute:
        for _, step in missing:
            step(act)
    names = ", ".join(words for words, _ in missing)
    did = f"{'Completed' if execute else 'To be completed with --execute'}: {names}."
    notes = (*notes, did if missing else "Nothing was left to do.")
    return _report(act, [], is_executed=execute, was_published=True, notes=notes)


def stage_publication(act: Act) -> None:
    """Copy everything beside the published releases, and prove that the copy is the candidate."""
    paths, incoming = act.ctx.paths, _incoming(act)
    try:
        with disk_errors(incoming):
            remove_folder(incoming)
            incoming.mkdir(parents=True)
            shutil.copytree(paths.bundle_dir, incoming / "bundle")
            shutil.copyfile(paths.signoff_file, incoming / "signoff.jsonl")
            shutil.copyfile(paths.lock_file, incoming / "lock.json")
            if parse_release_id(act.ctx.release_id).correction:
                _, erratum = require_erratum(paths)
                (incoming / ERRATUM_FILE).write_bytes(erratum.to_bytes())
            write_atomic(incoming / "publication.json", canonical_json(_publication(act)))
            # The rename to come must never be on the disk before the bytes it shows.
            sync_tree(incoming)
    except (OSError, StoreError) as error:
        remove_folder(incoming)
        raise StoreError(f"The release could not be copied. Nothing was published. {error}") from error
    copied = incoming / "bundle"
    if verify_sums(copied) or candidate_hash(copied) != act.state.hashes["candidate"]:
        remove_folder(incoming)
        raise StoreError(
            "The copy of the candidate is not the candidate. Nothing was published; check the disk."
        )
    write_journal(act.ctx, act.now, "staged")


def move_into_place(act: Act) -> None:
    """The rename that publishes."""
    _incoming(act).rename(act.ctx.paths.published_dir)
    sync_folder(act.ctx.paths.all_published_dir)
    write_journal(act.ctx, act.now, "published")


def freeze(act: Act) -> None:
    """Make the published folder read-only."""
    make_read_only(act.ctx.paths.published_dir)
    write_journal(act.ctx, act.now, "made read-only")


def show_public(act: Act) -> None:
    """Let the public folder show it, `latest` name it, and feeds and calendar tell it."""
    write_public(act.ctx.paths)
    write_journal(act.ctx, act.now, "public pages show it")


def record_published(act: Act) -> None:
    """Write the last state, and of a release that this one corrects that it was corrected."""
    record_standing(act.ctx, "publish", act.now)
    write_journal(act.ctx, act.now, "recorded")


def _is_frozen(act: Act) -> bool:
    return is_read_only(act.ctx.paths.published_dir)


def _is_shown(act: Act) -> bool:
    return is_current(act.ctx.paths)


def _is_recorded(act: Act) -> bool:
    return not find_unrecorded(act.ctx)


_AFTERWARDS: tuple[tuple[str, Callable[[Act], bool], Callable[[Act], None]], ...] = (
    ("read-only", _is_frozen, freeze),
    ("public pages", _is_shown, show_public),
    ("state", _is_recorded, record_published),
)
_STEPS: tuple[Callable[[Act], None], ...] = (
    stage_publication,
    move_into_place,
    *(step for _, _, step in _AFTERWARDS),
)


def _incoming(act: Act) -> Path:
    return act.ctx.paths.all_published_dir / f".incoming-{act.ctx.release_id}"


def _publication(act: Act) -> dict[str, object]:
    paths = act.ctx.paths
    lock = read_lock(paths.lock_file)
    candidate = candidate_hash(paths.bundle_dir)
    chain = read_chain(paths.signoff_file, act.ctx.release_id)
    signed = chain.standing(candidate)
    embargo = lock.plan.embargo
    return {
        "release": act.ctx.release_id,
        "published_at": utc_text(act.now),
        "published_by": act.ctx.actor,
        "embargo": utc_text(embargo.instant) if embargo else None,
        "candidate_sha256": candidate,
        "lock_sha256": lock.sha256,
        "signoffs_tail_sha256": chain.tail_sha256(),
        "signed_by": [{"name": s.name, "role": s.role, "time": utc_text(s.time)} for s in signed],
        "predecessor": lock.predecessor.release if lock.predecessor else None,
        "commit": lock.code.commit,
    }
