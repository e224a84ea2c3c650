"""The gate report: what each rule found, what was decided about it, and the verdict.

What belongs here: the shape of gate.json, the arithmetic of verdicts, canonical JSON.
What does not: running rules (runner.py), the page (orchestration/release/gate_page.py).
"""

import json
from typing import Literal

from pydantic import BaseModel, ConfigDict

from expectations.builder import Severity
from expectations.waivers import Decision

EXAMPLES = 20
"""Failing examples kept for each check; the count is always complete."""

Scalar = str | int | float | bool | None


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Example(_Model):
    """One failing row: its keys, the values looked at, and a sentence."""

    keys: dict[str, Scalar]
    values: dict[str, Scalar]
    says: str
    decisions: list[str]


class CheckResult(_Model):
    """Rows examined, failing, of those covered by a decision; `problem` if it could not be evaluated."""

    id: str
    level: int
    severity: Severity
    asks: str
    examined: int
    failing: int
    covered: int
    examples: list[Example]
    problem: str | None

    @property
    def is_open(self) -> bool:
        """True if something stands that no decision covers."""
        return self.problem is not None or self.failing > self.covered


class RuleResult(_Model):
    """One rule's verdict: `waived` (error) and `accepted` (warning) mean that every finding is covered."""

    gate: str
    levels: list[int]
    severity: Severity
    waivable: bool
    title: str
    plain: str
    why: str
    owner: str
    verdict: Literal["pass", "fail", "waived", "accepted"]
    checks: list[CheckResult]

    def open_words(self) -> str:
        """What stands open, in a few words."""
        count = sum(check.failing - check.covered for check in self.checks)
        words = [f"{count} open finding{'' if count == 1 else 's'}"] if count else []
        unexamined = sum(check.problem is not None for check in self.checks)
        return ", ".join(words + ([f"{unexamined} of its checks could not be done"] if unexamined else []))


class DecisionResult(_Model):
    """One decision as used: how many findings it covers, and why it does not count if so."""

    decision: Decision
    findings: int
    faults: list[str]


class ThresholdUsed(_Model):
    """One threshold as the gate used it."""

    value: float
    unit: str
    source: str
    verified: bool


class GateReport(_Model):
    """gate.json. No time but the plan's and the decisions'; the same input gives the same bytes."""

    release: str
    verdict: Literal["green", "red"]
    illustrative: bool
    has_predecessor: bool
    data_hash: str
    suite_sha256: str
    files: dict[str, str]
    compared_files: dict[str, str]
    planned_datasets: list[str]
    as_of: str
    thresholds: dict[str, ThresholdUsed]
    level_titles: dict[str, str]
    rules: list[RuleResult]
    decisions: list[DecisionResult]

    def failed(self) -> list[RuleResult]:
        """The rules that keep the gate red."""
        return [rule for rule in self.rules if rule.verdict == "fail"]

    def refused_decisions(self) -> list[DecisionResult]:
        """The decisions that do not count: refused, expired or stale. Each keeps the gate red."""
        return [used for used in self.decisions if used.faults]

    def reasons(self) -> list[str]:
        """Why the gate is red, one plain sentence each; none if it is green."""
        rules = [f"{rule.gate} {rule.title}: {rule.open_words()}." for rule in self.failed()]
        decisions = [
            f"Decision {used.decision.file} does not count: {'; '.join(used.faults)}."
            for used in self.refused_decisions()
        ]
        return rules + decisions

    def to_json(self) -> str:
        """Canonical JSON: sorted keys, UTF-8, one final line feed."""
        return json.dumps(self.model_dump(mode="json"), sort_keys=True, ensure_ascii=False, indent=2) + "\n"

    @staticmethod
    def from_json(text: str) -> "GateReport":
        """Read gate.json. Raises pydantic.ValidationError (a ValueError) if it is not a gate report."""
        return GateReport.model_validate_json(text)


def rule_verdict(checks: list[CheckResult]) -> Literal["pass", "fail", "waived", "accepted"]:
    """The verdict of a rule from its checks."""
    if any(check.is_open for check in checks):
        return "fail"
    decided = {check.severity for check in checks if check.failing}
    if "error" in decided:
        return "waived"
    return "accepted" if decided else "pass"
