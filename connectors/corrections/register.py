"""The register of one data set, typed: `corrections/<provider>__<dataset>.yaml`.

What belongs here: the fields of an entry and their checks. What does not: changing rows (apply.py), deciding
whether a table may follow another (continuity.py).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from connectors.errors import UsageError
from connectors.spec import Code, Text

FOLDER = Path(__file__).parent


class _Entry(BaseModel):
    """What every entry says. `reviewed_by` looked at the evidence on the day `reviewed_on`."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: Code
    series: Code
    areas: tuple[Text, ...] = ()
    wrong: Text
    evidence: Text
    reviewed_by: Text
    reviewed_on: date


class Correction(_Entry):
    """One known error. It concerns the cells of a series that its areas, years and dimensions select.

    `areas` are the provider's codes (none: all), `years` first and last. The error is there from the
    provider's version `since` on, up to but without `until` (none: it still is): an entry whose error was
    mended is closed, never removed, because older snapshots are read again with it. `cells` and `fingerprint`
    name the cells as they were reviewed: if the provider changes one of them, all are withheld until the
    entry is reviewed again; if none is left, the entry fails its series until it is closed.
    drop: the row is quarantined · withhold: its value goes, row and raw text stay · scale: value * factor ·
    relabel: `to` replaces the unit code.
    """

    rule: Literal["drop", "scale", "relabel", "withhold"]
    years: tuple[int, int]
    dimensions: dict[str, str] = {}
    since: Text
    until: Text | None = None
    cells: Annotated[int, Field(gt=0)]
    fingerprint: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
    factor: Annotated[float, Field(gt=0)] | None = None
    to: Text | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Correction:
        if (self.rule == "scale") != (self.factor is not None) or self.factor == 1:
            raise ValueError("factor belongs to the rule scale, and changes something")
        if (self.rule == "relabel") != (self.to is not None):
            raise ValueError("to belongs to the rule relabel")
        if self.until is not None and self.until <= self.since:
            raise ValueError("until is the first version without the error, and later than since")
        return self

    def concerns(self, version: str) -> bool:
        """Whether the error is in this version of the provider's."""
        return self.since <= version and (self.until is None or version < self.until)


class Acceptance(_Entry):
    """A break between two vintages that is real: what continuity.py refuses becomes a warning.

    It holds for one fault of one series, and for one version of the provider's; where it names areas, for no
    others.
    """

    fault: Literal["S06", "S08", "T14", "V07"]
    version: Text


class Register(BaseModel):
    """All entries of one data set. `file` is where a person writes them; empty where nobody can."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    file: str = ""
    corrections: tuple[Correction, ...] = ()
    acceptances: tuple[Acceptance, ...] = ()

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Register:
        ids = [entry.id for entry in (*self.corrections, *self.acceptances)]
        if len(set(ids)) != len(ids):
            raise ValueError("two entries have the same id")
        return self

    def accepts(self, fault: str, series: str, version: str) -> tuple[Acceptance, ...]:
        """The entries that accept this fault of this series in this version."""
        return tuple(
            entry
            for entry in self.acceptances
            if (entry.fault, entry.series, entry.version) == (fault, series, version)
        )

    def how_to_accept(self, fault: str, series: str, version: str, areas: Sequence[str] = ()) -> str:
        """The words that follow "if it is real, ": the file, and the entry a person would write there."""
        if not self.file:
            return "report it: illustrative figures have no register"
        facts = [("id", "..."), ("fault", fault), ("series", series)]
        facts += [("areas", json.dumps(list(areas)))] if areas else []
        facts += [("version", version)]
        facts += [(name, "...") for name in ("wrong", "evidence", "reviewed_by", "reviewed_on")]
        entry = ", ".join(f"{name}: {text}" for name, text in facts)
        return f"add below `acceptances` in {self.file} the entry {{{entry}}}"


def load_register(key: str) -> Register:
    """The register of a data set; an empty one if it has no file. Raises UsageError."""
    return _load(FOLDER / f"{key.replace('/', '__')}.yaml")


@lru_cache(maxsize=256)
def _load(path: Path) -> Register:
    file = {"file": f"connectors/corrections/{path.name}"}
    if not path.is_file():
        return Register.model_validate(file)
    try:
        entries = Register.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")) or {})
        return entries.model_copy(update=file)
    except (ValidationError, yaml.YAMLError) as error:
        raise UsageError(f"The register corrections/{path.name} is not valid: {error}") from None
