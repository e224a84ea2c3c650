"""The chain of sign-offs: its lines, its integrity, and who has validly signed.

What belongs here: signoff.jsonl and its judgement. What does not: the verb that adds a line (signoff.py).

The file is append-only over the whole life of a release. A line counts for the candidate hash it names and
for no other: when a change makes another candidate, earlier signatures stay readable and stop counting.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from orchestration.release.files import sha256_bytes
from orchestration.release.plan_model import ROLES, Plan, Role, Signatory
from orchestration.release.refusals import CHECK_FAILED, POLICY, Refusal
from orchestration.release.ssh import is_signed_by, is_signed_by_anyone

CHAIN_START = "0" * 64
CHECK_NUMBER = 6


class SignOff(BaseModel):
    """One line. The signature covers the canonical JSON of all other fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sequence: int
    previous_sha256: str
    release: str
    candidate_sha256: str
    role: Role
    name: str
    principal: str
    decision: Literal["approve", "refuse"]
    time: datetime
    note: str
    signature: str

    def payload(self) -> bytes:
        """What is signed."""
        return _one_line(self.model_dump(mode="json", exclude={"signature"}))

    def to_line(self) -> bytes:
        """The line as written, without its line feed."""
        return _one_line(self.model_dump(mode="json"))


@dataclass(frozen=True)
class Chain:
    """The lines that could be read, and the first fault after which nothing is believed."""

    lines: tuple[SignOff, ...]
    fault: str | None

    def tail_sha256(self) -> str:
        """What the next line names as its predecessor."""
        return sha256_bytes(self.lines[-1].to_line()) if self.lines else CHAIN_START

    def next_line(
        self,
        signatory: Signatory,
        *,
        release: str,
        candidate_sha256: str,
        decision: Literal["approve", "refuse"],
        time: datetime,
        note: str,
    ) -> SignOff:
        """The line of this person that would continue the chain; it is not signed yet."""
        return SignOff(
            sequence=len(self.lines) + 1,
            previous_sha256=self.tail_sha256(),
            release=release,
            candidate_sha256=candidate_sha256,
            role=signatory.role,
            name=signatory.name,
            principal=signatory.principal,
            decision=decision,
            time=time,
            note=note,
            signature="",
        )

    def to_bytes(self) -> bytes:
        """The file as it is written."""
        return b"".join(line.to_line() + b"\n" for line in self.lines)

    def compare(self, recorded_sha256: str | None) -> str | None:
        """What is wrong if the file that was recorded is not this one, or the beginning of this one."""
        starts = {sha256_bytes(Chain(self.lines[:n], None).to_bytes()) for n in range(len(self.lines) + 1)}
        if recorded_sha256 is None or recorded_sha256 in starts:
            return None
        return "lines that were recorded are missing"

    def standing(self, candidate_sha256: str) -> tuple[SignOff, ...]:
        """The last line of each person about this candidate."""
        last = {line.principal: line for line in self.lines if line.candidate_sha256 == candidate_sha256}
        return tuple(sorted(last.values(), key=lambda line: line.sequence))


def read_chain(path: Path, release_id: str) -> Chain:
    """Read signoff.jsonl and check form, sequence and hash chain; a missing file is an empty chain."""
    content = path.read_bytes() if path.is_file() else b""
    lines: list[SignOff] = []
    previous = CHAIN_START
    for number, raw in enumerate(content.splitlines(keepends=True), start=1):
        line = _parse_line(raw)
        if line is None:
            return Chain(tuple(lines), f"line {number} of signoff.jsonl is not a sign-off as it was written")
        if line.sequence != number or line.previous_sha256 != previous or line.release != release_id:
            return Chain(tuple(lines), f"line {number} of signoff.jsonl does not continue the chain")
        lines.append(line)
        previous = sha256_bytes(line.to_line())
    return Chain(tuple(lines), None)


def _parse_line(raw: bytes) -> SignOff | None:
    try:
        line = SignOff.model_validate_json(raw)
    except ValidationError:
        return None
    return line if raw == line.to_line() + b"\n" else None


def _one_line(content: object) -> bytes:
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def find_signatory(plan: Plan, name: str, role: str) -> Signatory | None:
    """The person of that name and role in the plan."""
    wanted = person_key(name)
    return next((s for s in plan.signatories if person_key(s.name) == wanted and s.role == role), None)


def person_key(name: str) -> str:
    """A name for comparison: case and blanks do not make another person."""
    return " ".join(name.split()).casefold()


def is_builder(signatory: Signatory, builders: Collection[str]) -> bool:
    """Whether this person, by name or principal, had a hand in making the candidate."""
    known = {person_key(builder) for builder in builders}
    return person_key(signatory.name) in known or person_key(signatory.principal) in known


def find_unnamed(plan: Plan, builders: Collection[str]) -> list[str]:
    """The builders who are nobody in the plan: behind such a name any signatory may stand."""
    return sorted(b for b in builders if not any(is_builder(s, [b]) for s in plan.signatories))


def judge_signoffs(
    chain: Chain, plan: Plan, candidate_sha256: str, builders: Collection[str]
) -> list[Refusal]:
    """Every reason why the sign-offs do not release this candidate; none if two people validly approve it."""
    if chain.fault is not None:
        return [_refuse(CHECK_FAILED, f"The sign-off chain is broken: {chain.fault}.")]
    standing = chain.standing(candidate_sha256)
    reasons = [reason for line in standing for reason in _judge_line(line, plan, builders)]
    approvals = [line for line in standing if line.decision == "approve"]
    missing = [role for role in ROLES if role not in {line.role for line in approvals}]
    if missing:
        reasons.append(_refuse(POLICY, _say_missing(missing, chain, candidate_sha256)))
    elif len({person_key(line.name) for line in approvals}) < len(ROLES):
        reasons.append(
            _refuse(POLICY, "Both sign-offs are by the same person; two different people must sign.")
        )
    return reasons


def _say_missing(missing: Sequence[str], chain: Chain, candidate_sha256: str) -> str:
    text = f"No valid sign-off as {' and as '.join(missing)} names this candidate ({candidate_sha256[:12]}…)."
    others = {line.candidate_sha256 for line in chain.lines} - {candidate_sha256}
    return text + (" Earlier sign-offs name another candidate and do not count." if others else "")


def _judge_line(line: SignOff, plan: Plan, builders: Collection[str]) -> list[Refusal]:
    who = f"the sign-off by {line.name} as {line.role} (line {line.sequence})"
    signatory = find_signatory(plan, line.name, line.role)
    if signatory is None or signatory.principal != line.principal:
        return [_refuse(POLICY, f"The plan does not name {line.name} as {line.role}; {who} does not count.")]
    if not is_signed_by(line.payload(), line.signature, signatory):
        if is_signed_by_anyone(line.payload(), line.signature):
            return [
                _refuse(POLICY, f"{who[0].upper()}{who[1:]} was made with a key that is not in the plan.")
            ]
        return [_refuse(CHECK_FAILED, f"The signature of {who} does not fit its text.")]
    if line.decision == "refuse":
        note = f": {line.note}" if line.note else ""
        return [_refuse(POLICY, f"{line.name} refused this candidate as {line.role}{note}.")]
    if line.role == "secretariat" and is_builder(signatory, builders):
        return [_refuse(POLICY, f"{line.name} built this candidate and may sign as statistician only.")]
    return []


def _refuse(code: int, sentence: str) -> Refusal:
    return Refusal(check=CHECK_NUMBER, code=code, sentence=sentence)
