"""Observation and confidentiality status: each provider's letters, and the one SDMX letter that wins.

What belongs here: vocabularies (reference/obs_status.csv) and precedence. What does not: splitting a
provider's cell into value and letters (protocols/). Source: design of the platform, methodology section 4;
SDMX guideline.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

PRECEDENCE = "BOMLHQJSDKWIFEPNUVGA"
# A missing value that already says why it is missing is not overruled by a plain "missing".
EXPLAINS_MISSING = frozenset("MLQH")


@dataclass(frozen=True)
class Letter:
    """What one source letter means; either status may be empty."""

    obs_status: str
    conf_status: str


class UnknownLetterError(ValueError):
    """A letter the vocabulary does not hold: the provider's code list has changed."""


@lru_cache(maxsize=1)
def vocabularies() -> dict[str, dict[str, Letter]]:
    """Every vocabulary by name."""
    found: dict[str, dict[str, Letter]] = {}
    path = Path(__file__).parent / "reference" / "obs_status.csv"
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            letters = found.setdefault(row["vocabulary"], {})
            letters[row["source_code"]] = Letter(row["obs_status"], row["conf_status"])
    return found


@lru_cache(maxsize=4096)
def combine(vocabulary: str, letters: str, conf_vocabulary: str, conf: str, missing: bool) -> tuple[str, str]:
    """(obs_status, conf_status) of all letters of one cell. Raises UnknownLetterError.

    `letters` may be composite ("bep" is three flags); blank is normal value, free. `missing` means no number.
    """
    found = [_letter(vocabulary, letter) for letter in letters if not letter.isspace()]
    statuses = {letter.obs_status for letter in found if letter.obs_status}
    confs = {letter.conf_status for letter in found if letter.conf_status}
    if conf:
        confs.add(_letter(conf_vocabulary, conf).conf_status)
    if missing and not statuses & EXPLAINS_MISSING:
        statuses.add("O")
    winner = next((letter for letter in PRECEDENCE if letter in statuses), "A")
    return winner, next((c for c in sorted(confs) if c != "F"), "F")


def _letter(vocabulary: str, letter: str) -> Letter:
    known = vocabularies()[vocabulary]
    if letter not in known:
        raise UnknownLetterError(letter)
    return known[letter]
