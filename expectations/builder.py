"""The suites as typed data: YAML in, checked models out.

What belongs here: what a rule may declare, loading, the hash of everything that decides a verdict.
What does not: running a rule (runner.py), thresholds (config.yaml), the report (report.py).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from expectations.hashes import hash_file
from expectations.waivers import NOT_WAIVABLE, RuleFacts

HERE = Path(__file__).resolve().parent
SUITES_DIR = HERE / "suites"
CONFIG_FILE = HERE / "config.yaml"

Severity = Literal["error", "warning"]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Threshold(_Strict):
    """One configurable number with its unit and where it comes from."""

    value: float
    unit: str
    source: str
    verified: bool


class GateConfig(_Strict):
    """The thresholds of the gate, by name; a query uses one as `$name`."""

    thresholds: dict[str, Threshold]

    def values(self) -> dict[str, float]:
        """The bare numbers by name."""
        return {name: threshold.value for name, threshold in self.thresholds.items()}


class ExpectationSpec(_Strict):
    """One Great Expectations column or column-pair expectation."""

    type: str = Field(pattern=r"^expect_column_")
    kwargs: dict[str, Any]


class Check(_Strict):
    """One frame (a query over the release tables) with expectations about each of its rows.

    `keys` name the columns that identify a finding; a waiver selects by them. `says` is the sentence for a
    failing row; it may use any column of the frame in braces. `severity` stands here only where the
    methodology gives a part of a gate another one than the gate has.
    """

    id: str = Field(pattern=r"^G[0-9]{1,2}\.[a-z_]+$")
    asks: str
    query: str
    keys: list[str] = Field(min_length=1)
    says: str
    expectations: list[ExpectationSpec] = Field(min_length=1)
    severity: Severity | None = None


class Rule(_Strict):
    """One gate of the methodology: its words, and its checks at one validation level.

    A decision on a waivable rule has to name at least one of the keys in `about`.
    """

    gate: str = Field(pattern=r"^G[0-9]{1,2}$")
    title: str
    plain: str
    why: str
    severity: Severity
    waivable: bool
    about: list[str] = []
    owner: str
    checks: list[Check] = Field(min_length=1)

    @model_validator(mode="after")
    def _is_consistent(self) -> "Rule":
        if self.waivable and self.gate in NOT_WAIVABLE:
            raise ValueError(f"{self.gate} must not be waivable")
        for check in self.checks:
            if not check.id.startswith(f"{self.gate}."):
                raise ValueError(f"check {check.id} does not belong to {self.gate}")
            if self.waivable and not set(self.about) & set(check.keys):
                raise ValueError(
                    f"a decision on {check.id} could name none of: {', '.join(self.about) or '-'}"
                )
        return self


class RulePart(_Strict):
    """Checks at a further level of a gate whose words stand in the file of its first level."""

    gate: str = Field(pattern=r"^G[0-9]{1,2}$")
    checks: list[Check] = Field(min_length=1)


class SuiteFile(_Strict):
    """One file of suites/: rules of one ESS validation level. A level may have several files."""

    level: int = Field(ge=0, le=5)
    title: str
    rules: list[Rule | RulePart] = Field(min_length=1)


@dataclass(frozen=True)
class Suite:
    """The rules of one ESS validation level. A gate with checks at several levels stands in each of them."""

    level: int
    title: str
    rules: tuple[Rule, ...]


@cache
def load_suites(folder: Path = SUITES_DIR) -> tuple[Suite, ...]:
    """Every suite below `folder`, by level.

    Raises ValueError if two checks share an id, if a gate has its words twice or nowhere, or if the files of
    a level differ in its title.
    """
    files = [SuiteFile.model_validate(_read_yaml(path)) for path in sorted(folder.glob("level_*.yaml"))]
    worded = [rule for file in files for rule in file.rules if isinstance(rule, Rule)]
    _refuse_doubles([rule.gate for rule in worded])
    _refuse_doubles([check.id for file in files for rule in file.rules for check in rule.checks])
    words = {rule.gate: rule for rule in worded}
    return tuple(
        _suite(level, [file for file in files if file.level == level], words)
        for level in sorted({file.level for file in files})
    )


def _suite(level: int, files: list[SuiteFile], words: Mapping[str, Rule]) -> Suite:
    titles = {file.title for file in files}
    if len(titles) > 1:
        raise ValueError(f"level {level} has several titles: {', '.join(sorted(titles))}")
    rules = [_whole(rule, words) for file in files for rule in file.rules]
    _refuse_doubles([rule.gate for rule in rules])
    return Suite(level, titles.pop(), tuple(rules))


def _whole(rule: Rule | RulePart, words: Mapping[str, Rule]) -> Rule:
    """The rule with its words. Raises ValueError if they stand nowhere."""
    if isinstance(rule, Rule):
        return rule
    if rule.gate not in words:
        raise ValueError(f"the words of {rule.gate} stand in no suite")
    return Rule.model_validate({**words[rule.gate].model_dump(), "checks": rule.model_dump()["checks"]})


def _refuse_doubles(names: list[str]) -> None:
    double = sorted({name for name in names if names.count(name) > 1})
    if double:
        raise ValueError(f"declared twice in the suites: {', '.join(double)}")


@cache
def load_config(path: Path = CONFIG_FILE) -> GateConfig:
    """The committed thresholds."""
    return GateConfig.model_validate(_read_yaml(path))


def rule_facts(suites: tuple[Suite, ...]) -> dict[str, RuleFacts]:
    """What a decision about each gate is judged by."""
    rules = [rule for suite in suites for rule in suite.rules]
    return {
        rule.gate: RuleFacts(
            frozenset(
                check.severity or other.severity
                for other in rules
                if other.gate == rule.gate
                for check in other.checks
            ),
            rule.waivable,
            tuple(rule.about),
        )
        for rule in rules
    }


def suite_sha256() -> str:
    """One hash over the suites, the thresholds and the code of this package: all that decides a verdict."""
    files = sorted([*SUITES_DIR.glob("*.yaml"), CONFIG_FILE, *HERE.glob("*.py")])
    lines = [f"{hash_file(path)}  {path.relative_to(HERE).as_posix()}\n" for path in files]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _read_yaml(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))
