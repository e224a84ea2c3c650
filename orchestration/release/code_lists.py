"""Units of the published numbers and the closed code lists of the published texts.

What belongs here: reading texts/codebook.yaml, and which unit or code list a column has.
What does not: what a column means (the dbt YAML of its table), the file codebook.csv (codebook.py).
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

SEPARATOR = ";"
"""Stands between the codes of a column that may hold several."""

_SDMX = "SDMX"
"""Says that the codes are the observation statuses of SDMX, which the connectors hold already."""


@dataclass(frozen=True)
class CodeList:
    """A closed list: what each code means, in English."""

    name: str
    codes: Mapping[str, str]


@dataclass(frozen=True)
class Vocabulary:
    """Both by column: its name, or `table.column` where the name means several things."""

    units: Mapping[str, str]
    lists: Mapping[str, CodeList]

    def unit(self, table: str, column: str) -> str | None:
        """The unit of a number, or None."""
        return self.units.get(f"{table}.{column}", self.units.get(column))

    def code_list(self, table: str, column: str) -> CodeList | None:
        """The closed list a text is taken from, or None."""
        return self.lists.get(f"{table}.{column}", self.lists.get(column))


@cache
def load_vocabulary() -> Vocabulary:
    """What texts/codebook.yaml says."""
    path = resources.files("orchestration.release") / "texts" / "codebook.yaml"
    declared: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    units = {column: unit for unit, columns in declared["units"].items() for column in columns}
    lists: dict[str, CodeList] = {}
    for name, entry in declared["code_lists"].items():
        codes = _sdmx_statuses() if entry["codes"] == _SDMX else dict(entry["codes"])
        lists |= dict.fromkeys(entry["columns"], CodeList(name, codes))
    return Vocabulary(units, lists)


def _sdmx_statuses() -> dict[str, str]:
    path = resources.files("connectors") / "reference" / "obs_status.csv"
    rows = csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    return {row["source_code"]: row["meaning"] for row in rows if row["vocabulary"] == "sdmx"}


def codes_in(value: str | int | None) -> list[str]:
    """The codes one cell holds."""
    return [] if value is None else str(value).split(SEPARATOR)
