"""The suites as typed data: YAML in, checked models out.

What belongs here: what a rule may declare, loading, the hash of everything that decides a verdict.
What does not: running a rule (runner.py), thresholds (config.yaml), the report (report.py).
"""

import hashlib
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
    failing row; it may use any column of the frame in braces.
    """

    id: str = Field(pattern=r"^G[0-9]{1,2}\.[a-z_]+$")
    asks: str
    query: str
    keys: list[str] = Field(min_length=1)
    says: str
    expectations: list[ExpectationSpec] = Field(min_length=1)


class Rule(_Strict):
    """One gate of the methodology at one validation level.

    A decision on a waivable rule has to name at least one of the keys in `about`.
    """

    gate: str = Field(pattern=r"^G[0-9]{1,2}$")
    title: str
    plain: str
    why: str
    severity: Literal["error", "warning"]
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


class Suite(_Strict):
    """The rules of one ESS validation level."""

    level: int = Field(ge=0, le=5)
    title: str
    rules: list[Rule] = Field(min_length=1)


@cache
def load_suites(folder: Path = SUITES_DIR) -> tuple[Suite, ...]:
    """Every suite below `folder`, by level. Raises ValueError if two checks share an id."""
    suites = sorted(
        (Suite.model_validate(_read_yaml(path)) for path in folder.glob("level_*.yaml")),
        key=lambda s: s.level,
    )
    ids = [check.id for suite in suites for rule in suite.rules for check in rule.checks]
    gates = [rule.gate for suite in suites for rule in suite.rules]
    for names in (ids, gates):
        double = sorted({name for name in names if names.count(name) > 1})
        if double:
            raise ValueError(f"declared twice in the suites: {', '.join(double)}")
    return tuple(suites)


@cache
def load_config(path: Path = CONFIG_FILE) -> GateConfig:
    """The committed thresholds."""
    return GateConfig.model_validate(_read_yaml(path))


def rule_facts(suites: tuple[Suite, ...]) -> dict[str, RuleFacts]:
    """Severity and waivability by gate, for judging decisions."""
    return {
        rule.gate: RuleFacts(rule.severity, rule.waivable, tuple(rule.about))
        for suite in suites
        for rule in suite.rules
    }


def suite_sha256() -> str:
    """One hash over the suites, the thresholds and the code of this package: all that decides a verdict."""
    files = sorted([*SUITES_DIR.glob("*.yaml"), CONFIG_FILE, *HERE.glob("*.py")])
    lines = [f"{hash_file(path)}  {path.relative_to(HERE).as_posix()}\n" for path in files]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _read_yaml(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))
