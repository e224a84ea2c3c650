"""The register of survivors: changes that no unit test can notice, each with the reason why.

What belongs here: reading `survivors.yaml`, and setting it against a run.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import yaml

from tests.mutation.mutants import Key, Mutant

REGISTER = Path(__file__).parent / "survivors.yaml"


@dataclass(frozen=True)
class Findings:
    """What a run found that the register does not say, and what the register says that is not so."""

    accepted: tuple[Mutant, ...]
    unknown: tuple[Mutant, ...]
    stale: tuple[Key, ...]


def read_register(path: Path = REGISTER) -> dict[Key, str]:
    """Reason by mutant. Raises ValueError for an entry without a reason, or written twice."""
    entries: dict[Key, str] = {}
    for entry in yaml.safe_load(path.read_text(encoding="utf-8")) or []:
        key = (
            entry["model"],
            entry["where"],
            entry["original"],
            entry["mutated"],
            entry.get("occurrence", 1),
        )
        if not str(entry.get("reason") or "").strip():
            raise ValueError(f"{path.name}: {key} has no reason")
        if key in entries:
            raise ValueError(f"{path.name}: {key} stands twice")
        entries[key] = entry["reason"]
    return entries


def compare(survivors: Iterable[Mutant], register: dict[Key, str], models: Iterable[str]) -> Findings:
    """Set the survivors of a run over some models against the register's entries for those models."""
    survivors, wanted = list(survivors), set(models)
    found = {mutant.key for mutant in survivors}
    return Findings(
        accepted=tuple(mutant for mutant in survivors if mutant.key in register),
        unknown=tuple(mutant for mutant in survivors if mutant.key not in register),
        stale=tuple(key for key in register if key[0] in wanted and key not in found),
    )
