"""What `publish` verifies for itself: the twelve checks of release.md, section 5.

What belongs here: finding every reason to refuse, trusting no orchestration state and changing nothing.
What does not: publishing (publish.py). Each function is one check and returns its reasons.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import polars as pl

from connectors.errors import CircularityError, StoreError
from expectations.builder import suite_sha256
from orchestration.release.bundle_check import check_bundle
from orchestration.release.check import judge
from orchestration.release.checksums import data_hash, verify_sums
from orchestration.release.clock import describe_instant, utc_text
from orchestration.release.consult import find_comment_changes, find_consultation_faults
from orchestration.release.context import ReleaseContext
from orchestration.release.correct import require_erratum
from orchestration.release.decisions import is_expired
from orchestration.release.files import folder_size
from orchestration.release.ids import parse_release_id
from orchestration.release.plan import find_unapproved
from orchestration.release.predecessor import find_comparison_faults, find_news, read_publication
from orchestration.release.process_lock import find_owner
from orchestration.release.publish_evidence import Evidence, gather_evidence
from orchestration.release.refusals import CHECK_FAILED, LOCAL, POLICY, Refusal
from orchestration.release.schema import load_schemas
from orchestration.release.signoff_chain import judge_signoffs
from orchestration.release.state import FINISHED, ReleaseState, State, find_changes

SPACE_FACTOR = 1.2
"""Free space wanted, as a multiple of the bundle: it is copied, and a disk filled to the brim helps nobody.
"""


def find_refusals(ctx: ReleaseContext, state: ReleaseState, now: datetime) -> list[Refusal]:
    """Every reason why this release may not be published now; none if it may. Changes nothing.

    If the files are not those that were signed, gate and validators are not run on them.
    """
    early = _refuse_early(state)
    if early:
        return early
    try:
        evidence = gather_evidence(ctx, state, now)
    except (CircularityError, ValueError) as error:
        code = POLICY if isinstance(error, CircularityError) and error.exit_code == POLICY else CHECK_FAILED
        return [Refusal(check=2, code=code, sentence=_sentence(error))]
    reasons = [reason for check in _CHECKS_ON_RECORDS for reason in check(evidence)]
    if not any(reason.check in (2, 3) and reason.code == CHECK_FAILED for reason in reasons):
        reasons += [reason for check in _CHECKS_ON_CONTENT for reason in check(evidence)]
    return sorted(reasons, key=lambda reason: reason.check)


def _refuse_early(state: ReleaseState) -> list[Refusal]:
    if state.state is State.CHECKED_RED:
        return [
            Refusal(check=4, code=CHECK_FAILED, sentence="The gate is red; gate.html gives every reason.")
        ]
    if state.state not in FINISHED:
        sentence = f"The release is {state.state}: there is no candidate to publish."
        return [Refusal(check=6, code=POLICY, sentence=sentence)]
    return []


def _sentence(error: Exception) -> str:
    if isinstance(error, CircularityError):
        return str(error)
    text = str(error)
    return text if text.endswith("again.") else "gate.json of the candidate cannot be read; it has changed."


def check_origin(e: Evidence) -> Iterator[Refusal]:
    """1: not built from, and not published by, an uncommitted tree."""
    if e.lock.code.dirty:
        yield Refusal(check=1, code=POLICY, sentence="The release was built from an uncommitted tree.")
    if e.ctx.code.dirty:
        yield Refusal(check=1, code=POLICY, sentence="This installation is an uncommitted tree.")


def check_files(e: Evidence) -> Iterator[Refusal]:
    """2: every file as listed, none missing, none extra."""
    for problem in verify_sums(e.bundle):
        yield Refusal(check=2, code=CHECK_FAILED, sentence=problem)


def check_hashes(e: Evidence) -> Iterator[Refusal]:
    """3: data hash as in gate.json, candidate hash as recorded, lock in the bundle as recorded."""
    found = {
        "The data hash is not the one in gate.json.": data_hash(e.bundle / "data") == e.gate.data_hash,
        "SHA256SUMS is not the one of the recorded candidate.": e.candidate_sha256
        == e.state.hashes.get("candidate"),
        "lock.json in the bundle is not the recorded lock.": (e.bundle / "lock.json").is_file()
        and (e.bundle / "lock.json").read_bytes() == e.lock.to_bytes(),
    }
    for sentence, holds in found.items():
        if not holds:
            yield Refusal(check=3, code=CHECK_FAILED, sentence=sentence)


def check_comparison(e: Evidence) -> Iterator[Refusal]:
    """3: the gate compared with the pinned predecessor, byte for byte, or with nothing if there is none; and
    what the pages tell of earlier releases is still so.
    """
    if e.gate.has_predecessor != (e.lock.predecessor is not None):
        sentence = "The gate and the lock do not agree on whether there is a predecessor. Check again."
        yield Refusal(check=3, code=CHECK_FAILED, sentence=sentence)
    try:
        schemas = load_schemas(e.ctx.dbt_project_dir)
        for sentence in find_comparison_faults(e.ctx.paths, e.lock, schemas, e.bundle / "compared"):
            yield Refusal(check=3, code=CHECK_FAILED, sentence=sentence)
        for sentence in find_news(e.ctx.paths, e.lock):
            yield Refusal(check=3, code=POLICY, sentence=sentence)
    except CircularityError as error:
        yield Refusal(check=3, code=LOCAL, sentence=str(error))


def check_gate(e: Evidence) -> Iterator[Refusal]:
    """4: gate.json is green, and the gate, run again now on these files, says the same.

    It is run with the decisions gate.json carries; whether these still stand is check 7.
    """
    if e.gate.verdict != "green":
        for reason in e.gate.reasons():
            yield Refusal(check=4, code=CHECK_FAILED, sentence=f"The gate is red. {reason}")
    try:
        again = judge(e.bundle, e.lock, [used.decision for used in e.gate.decisions])
    except CircularityError as error:
        yield Refusal(check=4, code=CHECK_FAILED, sentence=f"The gate could not be run again: {error}")
        return
    if again.verdict != "green" and e.gate.verdict == "green":
        for reason in again.reasons():
            yield Refusal(check=4, code=CHECK_FAILED, sentence=f"The gate, run again now, is red. {reason}")
    elif again != e.gate and again.suite_sha256 == e.gate.suite_sha256:
        sentence = "The gate, run again now, does not give the results that stand in gate.json."
        yield Refusal(check=4, code=CHECK_FAILED, sentence=sentence)


def check_installation(e: Evidence) -> Iterator[Refusal]:
    """5: the rules and the code that judged are those of this installation."""
    if e.gate.suite_sha256 != suite_sha256():
        sentence = "The gate's rules are not those of this installation. Check the release again."
        yield Refusal(check=5, code=CHECK_FAILED, sentence=sentence)
    if not e.lock.code.dirty and not e.ctx.code.dirty and e.lock.code != e.ctx.code:
        sentence = f"The code that built it ({e.lock.code.key[:12]}) is not this one ({e.ctx.code.key[:12]})."
        yield Refusal(check=5, code=CHECK_FAILED, sentence=sentence)


def check_signatures(e: Evidence) -> Iterator[Refusal]:
    """6: chain intact and as recorded, two people, right roles, named in the plan; every comment answered."""
    cut = e.chain.compare(e.state.hashes.get("signoffs"))
    if e.chain.fault is None and cut is not None:
        yield Refusal(check=6, code=CHECK_FAILED, sentence=f"The sign-off chain is broken: {cut}.")
    yield from judge_signoffs(e.chain, e.lock.plan, e.candidate_sha256, e.state.builders())
    try:
        yield from find_consultation_faults(e.ctx.paths, e.lock, e.state, e.candidate_sha256)
        if e.chain.standing(e.candidate_sha256):
            yield from find_comment_changes(e.ctx.paths, e.lock, e.state)
    except CircularityError as error:
        yield Refusal(check=6, code=POLICY, sentence=str(error))


def check_decisions(e: Evidence) -> Iterator[Refusal]:
    """7: waivers, acceptances and erratum unchanged since the gate; unexpired and complete now."""
    lock_sha256, decisions_sha256 = e.lock.sha256, e.decided.sha256
    changed = find_changes(
        e.state, lock_sha256=lock_sha256, code=e.lock.code, decisions_sha256=decisions_sha256
    )
    if changed:
        sentence = f"Changed since the release was judged: {', '.join(changed)}. Check it again."
        yield Refusal(check=7, code=POLICY, sentence=sentence)
    for decision in e.decided.decisions:
        if is_expired(decision, e.now):
            sentence = f"The {decision.kind} {decision.file} expired on {decision.expires}."
            yield Refusal(check=7, code=POLICY, sentence=sentence)
    if parse_release_id(e.ctx.release_id).correction:
        try:
            _, erratum = require_erratum(e.ctx.paths)
        except CircularityError as error:
            yield Refusal(check=7, code=POLICY, sentence=str(error))
        else:
            if erratum != e.lock.erratum:
                sentence = "erratum.yaml is not what the lock pins and the pages print. Lock again."
                yield Refusal(check=7, code=POLICY, sentence=sentence)


def check_time(e: Evidence) -> Iterator[Refusal]:
    """8: the embargo has passed, and the clock is not behind any recorded time."""
    embargo = e.lock.plan.embargo
    if embargo is None:
        yield Refusal(
            check=8, code=POLICY, sentence="The plan states no embargo; it needs one, with its zone."
        )
    elif e.now < embargo.instant:
        sentence = f"The embargo lasts until {describe_instant(embargo.instant, embargo.zone)}."
        yield Refusal(check=8, code=POLICY, sentence=sentence)
    latest, what = max(_recorded_times(e))
    if e.now < latest:
        sentence = f"The clock says {utc_text(e.now)}, before {utc_text(latest)}, the time of {what}."
        yield Refusal(check=8, code=POLICY, sentence=sentence)


def _recorded_times(e: Evidence) -> Iterator[tuple[datetime, str]]:
    for event in e.state.history:
        yield event.at, f"step {event.verb}"
    for line in e.chain.lines:
        yield line.time, f"the sign-off by {line.name}"
    if e.lock.predecessor is not None:
        before = read_publication(e.ctx.paths.of(e.lock.predecessor.release))
        if before:
            yield datetime.fromisoformat(before["published_at"]), "the predecessor's publication"
    for pinned in e.lock.datasets:
        for part in pinned.parts.values():
            if part.retrieved_at is not None:
                yield datetime.fromisoformat(part.retrieved_at), f"the retrieval of {pinned.key}"


def check_illustrative(e: Evidence) -> Iterator[Refusal]:
    """9: nothing invented is in it."""
    if e.ctx.illustrative or e.lock.illustrative or e.gate.illustrative:
        sentence = "The release is made of illustrative data, which are never published."
        yield Refusal(check=9, code=POLICY, sentence=sentence)


def check_licences(e: Evidence) -> Iterator[Refusal]:
    """10: every source's licence approved, and no rows where rows may not appear.

    Maps need no check here: a plan of real figures has their clearance, or no maps are drawn.
    """
    for key in find_unapproved(e.lock.plan, e.decided):
        yield Refusal(check=10, code=POLICY, sentence=f"No licence approval of {key} is recorded.")
    withheld = {d.key for d in e.lock.datasets if not d.rows_may_appear}
    withheld |= {key for key, approval in e.decided.licences.items() if not approval.rows_may_appear}
    for key in sorted(withheld & _sources_of(e.bundle)):
        yield Refusal(
            check=10, code=POLICY, sentence=f"Rows of {key} may not appear, and the release has some."
        )


def _sources_of(bundle: Path) -> set[str]:
    table = pl.read_parquet(bundle / "data" / "rpt_observation.parquet")
    if "source" not in table.columns:
        return set()
    sources = table["source"].drop_nulls().unique().str.split(";").explode()
    return {"/".join(source.split("/")[:2]) for source in sources}


def check_formats(e: Evidence) -> Iterator[Refusal]:
    """11: all validators pass again."""
    for finding in check_bundle(e.bundle):
        yield Refusal(check=11, code=CHECK_FAILED, sentence=str(finding))


def check_place(ctx: ReleaseContext, now: datetime) -> list[Refusal]:
    """12: nobody else is publishing, and the release fits and may be written where it has to go."""
    paths, reasons = ctx.paths, []
    try:
        owner = find_owner(paths.publish_lock_file)
    except StoreError as error:
        reasons.append(Refusal(check=12, code=LOCAL, sentence=str(error)))
    else:
        if owner is not None and owner.pid != os.getpid():
            reasons.append(Refusal(check=12, code=LOCAL, sentence=owner.describe(now)))
    needed = int(folder_size(paths.bundle_dir) * SPACE_FACTOR) if paths.bundle_dir.is_dir() else 0
    free = shutil.disk_usage(paths.releases_dir).free
    if free < needed:
        sentence = f"The disk has {free} bytes free and publishing needs {needed}. Free space and repeat."
        reasons.append(Refusal(check=12, code=LOCAL, sentence=sentence))
    if not os.access(paths.releases_dir, os.W_OK):
        reasons.append(
            Refusal(check=12, code=LOCAL, sentence="The folder of releases is not writable by you.")
        )
    return reasons


Check = Callable[[Evidence], Iterator[Refusal]]
_CHECKS_ON_RECORDS: tuple[Check, ...] = (
    check_origin,
    check_files,
    check_hashes,
    check_comparison,
    check_installation,
    check_signatures,
    check_decisions,
    check_time,
    check_illustrative,
)
_CHECKS_ON_CONTENT: tuple[Check, ...] = (check_gate, check_licences, check_formats)
