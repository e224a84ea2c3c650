"""Waivers and acceptances: named decisions to release in spite of a finding.

What belongs here: what a decision must say, when it applies, when it is stale or refused.
What does not: reading the decision files from disk (orchestration/release/decisions.py), signatures.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from connectors.errors import CheckError

NOT_WAIVABLE = frozenset({"G6", "G7", "G9", "G18", "G21", "G22", "G23"})
"""Methodology, section 5: no decision may set these gates aside."""

SEVERITY_OF = {"waiver": "error", "acceptance": "warning"}
"""What each kind of decision is about; a gate may have findings of both severities."""

LONGEST_VALIDITY = timedelta(days=366)
"""A decision holds for one release at most; releases are yearly."""


REASON_CODES = ("source_revision", "method_change", "our_error", "new_member_data", "reclassification")
"""Why a published value or status changed; readers are told it in three languages."""

EXPLAINED = "G5"
"""The gate of revisions: a decision on it says why, for the revisions it covers are published with it."""


def _is_reason(code: str) -> str:
    if code not in REASON_CODES:
        raise ValueError(f"is none of {', '.join(REASON_CODES)}")
    return code


ReasonCode = Annotated[str, AfterValidator(_is_reason)]


class Note(BaseModel):
    """What users of the release are told, in its three languages."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    en: str = Field(min_length=1)
    fr: str = Field(min_length=1)
    ru: str = Field(min_length=1)


class Decision(BaseModel):
    """One waiver (of an error) or acceptance (of a warning).

    `keys` selects findings: every named key must equal the finding's. `expires` is the release id it is made
    for, or a date not later than one year after `date`. `reason_code` is that of a revision: a decision on G5
    has one.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    file: str = Field(min_length=1)
    kind: Literal["waiver", "acceptance"]
    gate: str = Field(pattern=r"^G[0-9]{1,2}$")
    keys: dict[str, str]
    release: str = Field(min_length=1)
    reason: str = Field(min_length=1)
    reason_code: ReasonCode | None = None
    evidence: str = Field(min_length=1)
    author: str = Field(min_length=1)
    approver: str = Field(min_length=1)
    date: date
    expires: str = Field(min_length=1)
    note: Note

    def covers(self, gate: str, row: Mapping[str, Any]) -> bool:
        """True if this decision is about the finding `row` of `gate`."""
        return self.gate == gate and all(
            key in row and row[key] is not None and str(row[key]) == value for key, value in self.keys.items()
        )


def parse_decision(document: Mapping[str, Any], file: str) -> Decision:
    """One decision from a parsed YAML document; `file` is the name shown to readers.

    Raises CheckError naming the file and each field that is wrong.
    """
    fields = {key: _as_text(value) for key, value in document.items()}
    if isinstance(document.get("keys"), Mapping):
        fields["keys"] = {str(key): _as_text(value) for key, value in document["keys"].items()}
    try:
        return Decision.model_validate({**fields, "file": file})
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise CheckError(f"Decision {file} is not usable ({wrong}). Correct the file.") from error


def _as_text(value: Any) -> Any:
    """YAML reads `2026.1` as a number and `2026-03-01` as a date; ids and dates here are text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float | date) else value


@dataclass(frozen=True)
class RuleFacts:
    """What a decision is compared with: its gate's severities and waivability, what a case of it is about.

    A decision names at least one of the keys `about`; with less it would cover cases nobody looked at.
    """

    severities: frozenset[str]
    waivable: bool
    about: tuple[str, ...] = ()


def faults_of(
    decision: Decision, *, release_id: str, as_of: date, rules: Mapping[str, RuleFacts]
) -> list[str]:
    """Why a decision does not count, in plain sentences; none if it does. `as_of` is the plan's date."""
    faults = _person_faults(decision)
    if decision.gate == EXPLAINED and decision.reason_code is None:
        faults.append(f"it has no reason_code, which is one of {', '.join(REASON_CODES)}")
    if not decision.keys:
        faults.append("it names no keys, and a decision is about a case, not about a whole rule")
    elif decision.gate in rules:
        faults += _width_faults(decision, rules[decision.gate])
    if decision.release != release_id:
        faults.append(f"it was made for release {decision.release}, not for {release_id}")
    rule = rules.get(decision.gate)
    if rule is None:
        faults.append(f"{decision.gate} is not a rule of this gate")
    elif not rule.waivable or decision.gate in NOT_WAIVABLE:
        faults.append(f"{decision.gate} cannot be set aside by anyone")
    elif SEVERITY_OF[decision.kind] not in rule.severities:
        faults.append(f"{decision.gate} {_NEEDED[decision.kind]}")
    return faults + _expiry_faults(decision, release_id, as_of)


_NEEDED = {
    "acceptance": "is an error: it needs a waiver, not an acceptance",
    "waiver": "is a warning: it needs an acceptance, not a waiver",
}


def _width_faults(decision: Decision, rule: RuleFacts) -> list[str]:
    if not rule.about or set(rule.about) & set(decision.keys):
        return []
    wanted = " or ".join(rule.about)
    return [f"its keys name no {wanted}, so it would cover cases nobody looked at"]


def _person_faults(decision: Decision) -> list[str]:
    if _person(decision.author) == _person(decision.approver):
        return [f"author and approver are the same person ({decision.author})"]
    return []


def _person(name: str) -> str:
    return " ".join(name.split()).casefold()


def _expiry_faults(decision: Decision, release_id: str, as_of: date) -> list[str]:
    try:
        last_day = date.fromisoformat(decision.expires)
    except ValueError:
        if decision.expires == release_id:
            return []
        return [f"it expires with release {decision.expires}, which is not {release_id}"]
    if last_day > decision.date + LONGEST_VALIDITY:
        return [f"it would hold until {last_day}, longer than one release"]
    return [f"it expired on {last_day}"] if last_day < as_of else []


@dataclass(frozen=True)
class Matching:
    """Which findings each decision covers: `covered[i]` lists the files of the decisions about finding i."""

    covered: list[list[str]]
    matches: dict[str, int]


def match(
    gate: str, severity: str, findings: Sequence[Mapping[str, Any]], decisions: Sequence[Decision]
) -> Matching:
    """Match the findings of one gate with the (valid) decisions about it: a waiver covers no warning."""
    own = [d for d in decisions if d.gate == gate and SEVERITY_OF[d.kind] == severity]
    covered = [[d.file for d in own if d.covers(gate, row)] for row in findings]
    matches = {d.file: sum(d.file in files for files in covered) for d in own}
    return Matching(covered, matches)
