"""The register of survivors: changes that no unit test can notice, each with the reason why.

What belongs here: reading `survivors.yaml`, and setting it against a run. An entry with `pattern: true` gives
its fragments as regular expressions, for changes of one model that live for one and the same reason.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from tests.mutation.mutants import Key, Mutant

REGISTER = Path(__file__).parent / "survivors.yaml"


@dataclass(frozen=True)
class Pattern:
    """Changes of one query of a model, by regular expressions that must match the whole fragments."""

    model: str
    where: str
    original: str
    mutated: str

    def covers(self, key: Key) -> bool:
        """Whether it speaks of this change."""
        place = key[:2] == (self.model, self.where)
        return place and all(map(re.fullmatch, (self.original, self.mutated), key[2:4]))


@dataclass(frozen=True)
class Findings:
    """What a run found that the register does not say, and what the register says that is not so."""

    accepted: tuple[Mutant, ...]
    unknown: tuple[Mutant, ...]
    stale: tuple[Key | Pattern, ...]


def read_register(path: Path = REGISTER) -> dict[Key | Pattern, str]:
    """Reason by mutant or pattern. Raises ValueError for an entry without a reason, or written twice."""
    entries: dict[Key | Pattern, str] = {}
    for entry in yaml.safe_load(path.read_text(encoding="utf-8")) or []:
        place = (entry["model"], entry["where"], entry["original"], entry["mutated"])
        key = Pattern(*place) if entry.get("pattern") else (*place, entry.get("occurrence", 1))
        if not str(entry.get("reason") or "").strip():
            raise ValueError(f"{path.name}: {key} has no reason")
        if key in entries:
            raise ValueError(f"{path.name}: {key} stands twice")
        entries[key] = entry["reason"]
    return entries


def compare(
    survivors: Iterable[Mutant], register: Mapping[Key | Pattern, str], models: Iterable[str]
) -> Findings:
    """Set the survivors of a run over some models against the register's entries for those models."""
    survivors, wanted = list(survivors), set(models)
    found = {mutant.key for mutant in survivors}
    patterns = [one for one in register if isinstance(one, Pattern)]
    covered = {key for key in found if key in register or any(one.covers(key) for one in patterns)}
    return Findings(
        accepted=tuple(mutant for mutant in survivors if mutant.key in covered),
        unknown=tuple(mutant for mutant in survivors if mutant.key not in covered),
        stale=tuple(
            one
            for one in register
            if model_of(one) in wanted
            and not (any(map(one.covers, found)) if isinstance(one, Pattern) else one in found)
        ),
    )


def model_of(entry: Key | Pattern) -> str:
    """The model an entry of the register is about."""
    return entry.model if isinstance(entry, Pattern) else entry[0]
