"""The verb `withdraw`: a published release is taken back, and its addresses say so.

What belongs here: the conditions, the steps and finishing an interrupted withdrawal. What does not: what a
tombstone says (public/), publishing (publish.py).

One rename decides: with the tombstone under its name the release is withdrawn, and every later step can be
repeated. The published folder itself stays as it is, frozen and no longer shown.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from connectors.disk import disk_errors, make_folder, sync_folder, sync_tree
from connectors.errors import PolicyError, StoreError
from orchestration.release.clock import utc_text
from orchestration.release.context import ReleaseContext, require_utc
from orchestration.release.files import canonical_json, is_read_only, make_read_only, remove_folder
from orchestration.release.journal import write_journal
from orchestration.release.process_lock import hold_lock
from orchestration.release.public.outlet import build_outlet, build_tombstones, is_current, write_public
from orchestration.release.site.facts import LANGUAGES
from orchestration.release.standing import (
    Published,
    Record,
    Withdrawal,
    find_unrecorded,
    is_withdrawn,
    read_record,
    record_standing,
)
from orchestration.release.state import State, require_published


class WithdrawReport(BaseModel):
    """What was or would be done. `latest` is the newest release that stands then, if any does."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    release: str
    is_executed: bool
    was_withdrawn: bool
    latest: str | None
    notes: tuple[str, ...]

    def lines(self) -> list[str]:
        """The report in plain sentences."""
        latest = f"The latest standing release is {self.latest}." if self.latest else "No release stands now."
        if self.was_withdrawn:
            return [f"Release {self.release} is already withdrawn.", *self.notes]
        if self.is_executed:
            return [f"Release {self.release} is withdrawn. {latest}", *self.notes]
        return [
            f"Release {self.release} may be withdrawn. This was a dry run; add --execute. Then: {latest}",
            *self.notes,
        ]


@dataclass(frozen=True)
class Act:
    """One withdrawal under way."""

    ctx: ReleaseContext
    withdrawal: Withdrawal
    now: datetime


def withdraw_release(
    ctx: ReleaseContext, *, now: datetime, reason: Mapping[str, str], execute: bool = False
) -> WithdrawReport:
    """Withdraw a published release if `execute`; without it nothing changes and the refusals are the same.

    `reason` is by language, English at least. A release already withdrawn is finished where a step is
    missing; its first reason stands. Raises UsageError or PolicyError if the release is not published,
    PolicyError for an empty reason or a clock behind the publication, StoreError if another process publishes
    or the disk is full.
    """
    require_utc(now)
    require_published(ctx, "withdraw")
    said = _require_reason(reason)
    with (
        hold_lock(ctx.paths.publish_lock_file, ctx.actor, now, "withdrawing") if execute else nullcontext(),
        hold_lock(ctx.paths.verb_lock_file, ctx.actor, now, "withdrawing") if execute else nullcontext(),
    ):
        record = read_record(ctx.paths)
        one = _require_recorded(ctx, record)
        build_outlet(ctx.paths)  # what could not be shown afterwards is told before the rename
        _require_later(one, now)
        if one.withdrawal is not None:
            return _finish(Act(ctx, one.withdrawal, now), record, execute)
        act = Act(ctx, _withdrawal(ctx, one, said, now), now)
        if execute:
            for step in _STEPS:
                step(act)
        after = _with(record, act.withdrawal)
        return WithdrawReport(
            release=ctx.release_id,
            is_executed=execute,
            was_withdrawn=False,
            latest=after.latest.release if after.latest else None,
            notes=(f"Reason: {said['en']}", *_say_uncorrected(after, one)),
        )


def _say_uncorrected(after: Record, one: Published) -> Iterator[str]:
    """What stands again without its correction `one`, and that this mends no error in it."""
    for other in after.releases:
        mended = {correction.release for correction in after.ever_corrected(other.release)}
        if one.release in mended and after.state_of(other) is State.PUBLISHED:
            yield (
                f"Then release {other.release} stands again, and the erratum of {one.release} still holds "
                "for it: its notice tells the errors that stay. Mend them with the next correction."
            )


def _require_reason(reason: Mapping[str, str]) -> dict[str, str]:
    said = {language: " ".join(reason.get(language, "").split()) for language in LANGUAGES}
    if not said["en"]:
        raise PolicyError("A withdrawal needs a reason for its readers. Say why with --reason.")
    return {language: text for language, text in said.items() if text}


def _require_recorded(ctx: ReleaseContext, record: Record) -> Published:
    one = next((one for one in record.releases if one.release == ctx.release_id), None)
    if one is None:
        raise StoreError(
            f"publication.json of the published release {ctx.release_id} is missing. Restore it from a copy."
        )
    return one


def _require_later(one: Published, now: datetime) -> None:
    if now < one.published_at:
        raise PolicyError(
            f"The clock says {utc_text(now)}, before {utc_text(one.published_at)}, the time of its "
            "publication."
        )


def _withdrawal(ctx: ReleaseContext, one: Published, said: dict[str, str], now: datetime) -> Withdrawal:
    return Withdrawal(
        release=ctx.release_id,
        withdrawn_at=now,
        withdrawn_by=ctx.actor,
        reason=said,
        candidate_sha256=one.candidate_sha256,
        published_at=one.published_at,
    )


def _with(record: Record, withdrawal: Withdrawal) -> Record:
    """The record as it is once the release is withdrawn."""
    return Record(
        tuple(
            replace(one, withdrawal=withdrawal) if one.release == withdrawal.release else one
            for one in record.releases
        )
    )


def _finish(act: Act, record: Record, execute: bool) -> WithdrawReport:
    missing = [(words, step) for words, is_done, step in _AFTERWARDS if not is_done(act)]
    if execute:
        for _, step in missing:
            step(act)
    names = ", ".join(words for words, _ in missing)
    did = f"{'Completed' if execute else 'To be completed with --execute'}: {names}."
    return WithdrawReport(
        release=act.ctx.release_id,
        is_executed=execute,
        was_withdrawn=True,
        latest=record.latest.release if record.latest else None,
        notes=(did if missing else "Nothing was left to do.",),
    )


def stage_tombstone(act: Act) -> None:
    """Write the tombstone beside its place, for every address the bundle had."""
    incoming, paths = _incoming(act), act.ctx.paths
    record = _with(read_record(paths), act.withdrawal)
    one = next(one for one in record.releases if one.release == act.withdrawal.release)
    with disk_errors(incoming):
        remove_folder(incoming)
        for name, content in build_tombstones(record, one).items():
            file = incoming / "bundle" / name
            make_folder(file.parent)
            file.write_bytes(content)
        content = canonical_json(act.withdrawal.model_dump(mode="json"))
        (incoming / paths.withdrawal_file.name).write_bytes(content)
        sync_tree(incoming)
    write_journal(act.ctx, act.now, "tombstone written")


def move_into_place(act: Act) -> None:
    """The rename that withdraws."""
    _incoming(act).rename(act.ctx.paths.withdrawn_dir)
    sync_folder(act.ctx.paths.withdrawn_dir.parent)
    write_journal(act.ctx, act.now, f"withdrawn: {act.withdrawal.reason['en']}")


def freeze(act: Act) -> None:
    """Make the tombstone read-only."""
    make_read_only(act.ctx.paths.withdrawn_dir)
    write_journal(act.ctx, act.now, "tombstone made read-only")


def show_public(act: Act) -> None:
    """Let every address say it, and `latest` name what stands."""
    write_public(act.ctx.paths)
    write_journal(act.ctx, act.now, "public pages say withdrawn")


def record_withdrawn(act: Act) -> None:
    """Write the last state."""
    record_standing(act.ctx, "withdraw", act.now)
    write_journal(act.ctx, act.now, "recorded")


def _is_frozen(act: Act) -> bool:
    return is_read_only(act.ctx.paths.withdrawn_dir)


def _is_shown(act: Act) -> bool:
    return is_current(act.ctx.paths)


def _is_recorded(act: Act) -> bool:
    return is_withdrawn(act.ctx.paths) and not find_unrecorded(act.ctx)


_AFTERWARDS: tuple[tuple[str, Callable[[Act], bool], Callable[[Act], None]], ...] = (
    ("read-only", _is_frozen, freeze),
    ("public pages", _is_shown, show_public),
    ("state", _is_recorded, record_withdrawn),
)
_STEPS: tuple[Callable[[Act], None], ...] = (
    stage_tombstone,
    move_into_place,
    *(step for _, _, step in _AFTERWARDS),
)


def _incoming(act: Act) -> Path:
    place = act.ctx.paths.withdrawn_dir
    return place.with_name(f".incoming-{place.name}")
