"""The verb `sign-off`: one person approves or refuses one candidate, with a key of their own.

What belongs here: the conditions under which a line is added. What does not: judging the chain
(signoff_chain.py).
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Literal

from connectors.disk import write_atomic
from connectors.errors import CheckError, PolicyError, UsageError
from orchestration.release.candidate import require_candidate
from orchestration.release.clock import utc_text
from orchestration.release.consult import find_comment_changes, find_consultation_faults, hash_comments
from orchestration.release.context import ACTOR_VARIABLE, ReleaseContext, require_utc
from orchestration.release.decisions import load_decisions
from orchestration.release.files import sha256_bytes
from orchestration.release.lock import require_code_of
from orchestration.release.lock_model import Lock, load_lock
from orchestration.release.plan_model import ROLES, Plan, Signatory
from orchestration.release.process_lock import one_at_a_time
from orchestration.release.refusals import CHECK_FAILED, Refusal, exit_code_of
from orchestration.release.signoff_chain import (
    Chain,
    SignOff,
    find_signatory,
    find_unnamed,
    is_builder,
    judge_signoffs,
    read_chain,
)
from orchestration.release.ssh import is_signed_by, sign_bytes
from orchestration.release.state import (
    ReleaseState,
    State,
    find_changes,
    record,
    require_state,
    void_if_changed,
)


@one_at_a_time
def sign_off(
    ctx: ReleaseContext,
    *,
    role: str,
    name: str,
    key: Path,
    now: datetime,
    decision: Literal["approve", "refuse"] = "approve",
    note: str = "",
) -> ReleaseState:
    """Add one signed line for the present candidate; the release is signed once both roles approve it.

    `key` is the path of a private SSH key. Raises PolicyError for a person or key not in the plan, a second
    approval by the same person, a builder as secretariat, a comment without an answer; CheckError if the
    candidate is not the one that was made, or the chain is broken. A call that is refused for its person, key
    or code changes nothing.
    """
    current = require_state(ctx, "sign-off")
    lock = load_lock(ctx.paths, current)
    require_code_of(lock, ctx)
    signatory = _require_right(ctx, lock.plan, role, name, current)
    _require_unchanged(ctx, lock, current, lambda: _sign_bytes(b"", signatory, key), now)
    candidate = _require_consulted(ctx, lock, current)
    chain, is_recorded = _require_chain(ctx, current)
    if not is_recorded:
        current = _record(ctx, lock, current, chain, now)
    if _has_said(chain, candidate, signatory, decision):
        if not is_recorded:
            return current
        raise PolicyError(f"{signatory.name} has already signed this candidate. Another person signs next.")
    if decision == "approve" and _others(chain, candidate, signatory.principal):
        _refuse(find_comment_changes(ctx.paths, lock, current))
    unsigned = chain.next_line(
        signatory,
        release=ctx.release_id,
        candidate_sha256=candidate,
        decision=decision,
        time=require_utc(now),
        note=" ".join(note.split()),
    )
    return _append(ctx, lock, current, chain, _sign(unsigned, signatory, key), now)


def _has_said(chain: Chain, candidate: str, signatory: Signatory, decision: str) -> bool:
    standing = {(line.principal, line.decision) for line in chain.standing(candidate)}
    return (signatory.principal, decision) in standing


def _others(chain: Chain, candidate: str, principal: str) -> list[SignOff]:
    """The standing approvals of this candidate by other people."""
    standing = [line for line in chain.standing(candidate) if line.decision == "approve"]
    return [line for line in standing if line.principal != principal]


def _append(
    ctx: ReleaseContext, lock: Lock, current: ReleaseState, chain: Chain, line: SignOff, now: datetime
) -> ReleaseState:
    chain = Chain((*chain.lines, line), None)
    write_atomic(ctx.paths.signoff_file, chain.to_bytes())
    return _record(ctx, lock, current, chain, now)


def _sign(unsigned: SignOff, signatory: Signatory, key: Path) -> SignOff:
    return unsigned.model_copy(update={"signature": _sign_bytes(unsigned.payload(), signatory, key)})


def _sign_bytes(content: bytes, signatory: Signatory, key: Path) -> str:
    signature = sign_bytes(content, key)
    if not is_signed_by(content, signature, signatory):
        raise PolicyError(
            f"The key {key.name} is not the one the plan gives for {signatory.name}. Nothing was signed."
        )
    return signature


def _record(
    ctx: ReleaseContext, lock: Lock, current: ReleaseState, chain: Chain, now: datetime
) -> ReleaseState:
    """Record the chain, and the comments for which it was signed: of the first whose approval stands."""
    candidate = current.hashes["candidate"]
    is_signed = not judge_signoffs(chain, lock.plan, candidate, current.builders())
    last = chain.lines[-1]
    hashes = {"signoffs": sha256_bytes(chain.to_bytes())}
    if lock.plan.consultation != "none" and not _others(chain, candidate, last.principal):
        hashes["comments"] = hash_comments(ctx.paths)
    return record(
        ctx,
        "sign-off",
        State.SIGNED if is_signed else current.unsigned_state,
        now=now,
        hashes=hashes,
        note=f"{last.name} as {last.role}: {last.decision} at {utc_text(last.time)}",
    )


def _require_unchanged(
    ctx: ReleaseContext, lock: Lock, current: ReleaseState, prove_key: Callable[[], object], now: datetime
) -> None:
    """Void the candidate if its inputs changed, on the word of somebody who proved to hold their key."""
    decisions = load_decisions(ctx.paths).sha256
    if not find_changes(current, lock_sha256=lock.sha256, code=ctx.code, decisions_sha256=decisions):
        return
    prove_key()
    after = void_if_changed(ctx, current, lock_sha256=lock.sha256, decisions_sha256=decisions, now=now)
    raise PolicyError(
        f"Release {ctx.release_id} is back at built: {after.history[-1].note}. Check it and make the "
        f"candidate again."
    )


def _require_consulted(ctx: ReleaseContext, lock: Lock, current: ReleaseState) -> str:
    """The hash of the recorded candidate, once its consultation has ended."""
    candidate = require_candidate(ctx, current)
    _refuse(find_consultation_faults(ctx.paths, lock, current, candidate))
    return candidate


def _refuse(found: Iterable[Refusal]) -> None:
    faults = list(found)
    if faults:
        error = CheckError if exit_code_of(faults) == CHECK_FAILED else PolicyError
        raise error(" ".join(fault.sentence for fault in faults))


def _require_chain(ctx: ReleaseContext, current: ReleaseState) -> tuple[Chain, bool]:
    """The intact chain, and whether all of it is recorded: a process may die between the line and the record.

    A chain alone does not notice that its last lines were cut off; the recorded hash does.
    """
    chain = read_chain(ctx.paths.signoff_file, ctx.release_id)
    fault = chain.fault or chain.compare(current.hashes.get("signoffs"))
    if fault is not None:
        raise CheckError(f"The sign-off chain is broken: {fault}. Restore signoff.jsonl from a backup.")
    recorded = current.hashes.get("signoffs", sha256_bytes(b""))
    return chain, sha256_bytes(chain.to_bytes()) == recorded


def _require_right(ctx: ReleaseContext, plan: Plan, role: str, name: str, current: ReleaseState) -> Signatory:
    if role not in ROLES:
        raise UsageError(f"{role!r} is not a role; sign as {' or as '.join(ROLES)}.")
    signatory = find_signatory(plan, name, role)
    if signatory is None:
        named = ", ".join(f"{s.name} as {s.role}" for s in plan.signatories) or "nobody"
        raise PolicyError(f"The plan does not name {name} as {role}; it names {named}.")
    if role == "secretariat" and is_builder(signatory, current.builders()):
        raise PolicyError(f"{signatory.name} built this candidate and may sign as statistician only.")
    unnamed = find_unnamed(plan, current.builders())
    if role == "secretariat" and unnamed and not ctx.illustrative:
        raise PolicyError(
            f"Release {ctx.release_id} was built by {' and '.join(unnamed)}, a name the plan does not "
            f"know, so nobody can tell whether {signatory.name} built it. Whoever built it: set "
            f"{ACTOR_VARIABLE} to your name as in the plan and build again, from lock to candidate."
        )
    return signatory
