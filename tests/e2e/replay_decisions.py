"""An office's decisions on the replayed releases: decisions/<release>.yaml as one file a case.

What belongs here: reading the list, writing the files the product reads. What does not: what a decision must
say (expectations/waivers.py), whether the causes it names are true (test_replay.py).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.e2e.office import SECRETARIAT, STATISTICIAN

DECISIONS = Path(__file__).parent / "decisions"
LARGE = "large_revision"
"""Beside the causes of changed statuses: a published figure moved by more than the gate lets pass unsaid."""


@dataclass(frozen=True)
class Case:
    """One decision on one indicator or data set, with the `causes` it claims for what the gate found."""

    gate: str
    about: str
    causes: frozenset[str]
    said: dict[str, Any]

    @property
    def file(self) -> str:
        """The name of its file."""
        about = self.about.split("/")[-1].replace("_", "-")
        return f"{self.gate}-{self.said['kind']}-{about}.yaml".lower()

    @property
    def keys(self) -> dict[str, str]:
        """What of the gate's findings it covers."""
        if "/" not in self.about:
            return {"indicator": self.about}
        provider, dataset = self.about.split("/")
        return {"provider": provider, "dataset": dataset}


def read_cases(release: str) -> list[Case]:
    """Every decision of a release, in the order of its list; cases that share a text follow each other."""
    return list(_read(yaml.safe_load((DECISIONS / f"{release}.yaml").read_text(encoding="utf-8"))))


def _read(groups: list[dict[str, Any]]) -> Iterator[Case]:
    for group in groups:
        said = {name: value for name, value in group.items() if name != "cases"}
        for about, causes in group["cases"].items():
            yield Case(said["gate"], about, frozenset(causes), said)


def write_decisions(release: str, folder: Path) -> None:
    """Write each decision as its own file below `folder`, which must not be there yet."""
    folder.mkdir()
    for case in read_cases(release):
        decision = case.said | {
            "keys": case.keys,
            "release": release,
            "author": STATISTICIAN,
            "approver": SECRETARIAT,
            "date": "2024-01-15",
            "expires": release,
        }
        path = folder / case.file
        with path.open("x", encoding="utf-8") as file:
            yaml.safe_dump(decision, file, sort_keys=False, allow_unicode=True)
