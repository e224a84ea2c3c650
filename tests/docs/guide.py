"""docs/secretariat.md as data: the commands it gives and the lines it says they print.

What belongs here: finding both, and whether a printed line is meant. What does not: running anything
(tests/e2e), what the guide has to hold (test_secretariat.py).
"""

import re
import shlex
from collections.abc import Iterable
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "secretariat.md"
RELEASE = "2026.1"
"""The release the guide tells of."""


def commands() -> list[list[str]]:
    """The arguments of each `circularity …` in a block of commands, in order."""
    lines = [line for block in _blocks("sh") for line in block]
    return [shlex.split(line)[1:] for line in lines if line.startswith("circularity ")]


def printed() -> list[str]:
    """Every line the guide says is printed."""
    return [line for block in _blocks("text") for line in block]


def missing(lines: Iterable[str], release: str) -> list[str]:
    """What the guide says of its release and `lines` do not say of `release`; “…” stands for any text."""
    said = list(lines)
    return [line for line in printed() if not any(_pattern(line, release).fullmatch(one) for one in said)]


def _pattern(line: str, release: str) -> re.Pattern[str]:
    pieces = line.replace(RELEASE, release).split("…")
    return re.compile(".*".join(re.escape(piece) for piece in pieces))


def _blocks(language: str) -> list[list[str]]:
    text = PAGE.read_text(encoding="utf-8")
    found = re.findall(rf"^```{language}\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)
    return [block.splitlines() for block in found]
