"""CHANGES.md: what changed since the preceding release, for readers, in three languages.

What belongs here: the file, made from the revisions, and its check. What does not: finding the changes
(revisions.py), the words (texts/changes.yaml), judging a revision (gate G5).
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa

from orchestration.release import names
from orchestration.release.findings import Content, Finding
from orchestration.release.lock_model import Lock, read_lock
from orchestration.release.marks import MARK_BY_LANGUAGE
from orchestration.release.number_check import read_revisions
from orchestration.release.wording import LANGUAGES, say

CHECK = "changes"
_TEXTS = "changes"
_LANGUAGE_NAMES = {"en": "English", "fr": "Français", "ru": "Русский"}
_SECTIONS = {
    "values": ("rpt_observation", ("added", "removed", "revised", "recoded", "status")),
    "statuses": ("rpt_progress", ("added", "removed", "status")),
}
"""Heading: the table whose changes it counts, and the kinds of change in it."""

Row = dict[str, Any]


def render_changes(revisions: pa.Table, lock: Lock) -> str:
    """The file as Markdown: a part a language, with counts by indicator and kind of change, and the notes."""
    rows = revisions.to_pylist()
    parts = [line for language in LANGUAGES for line in _part(rows, lock, language)]
    return "\n".join([f"# {lock.release}", "", *parts])


def _part(rows: Sequence[Row], lock: Lock, language: str) -> list[str]:
    lines = [f"## {_LANGUAGE_NAMES[language]}", ""]
    if lock.illustrative:
        lines += [f"**{MARK_BY_LANGUAGE[language]}**", ""]
    lines += [f"### {say(_TEXTS, 'heading', language, release=lock.release)}", ""]
    if lock.predecessor is None:
        return [*lines, say(_TEXTS, "first", language), ""]
    lines += [say(_TEXTS, "since", language, predecessor=lock.predecessor.release), ""]
    if not rows:
        return [*lines, say(_TEXTS, "none", language), ""]
    for section, (table, kinds) in _SECTIONS.items():
        counted = Counter((row["indicator"], row["change"]) for row in rows if row["table"] == table)
        if counted:
            lines += [f"#### {say(_TEXTS, section, language)}", "", *_counts(counted, kinds, language), ""]
    return [*lines, *_notes(rows, language)]


def _counts(counted: Counter[tuple[str, str]], kinds: Sequence[str], language: str) -> list[str]:
    heads = [say(_TEXTS, word, language) for word in ("indicator", *kinds)]
    indicators = sorted({indicator for indicator, _ in counted})
    return [
        _line(heads),
        _line(["---", *["---:"] * len(kinds)]),
        *(_line([one, *(str(counted[(one, kind)]) for kind in kinds)]) for one in indicators),
    ]


def _notes(rows: Sequence[Row], language: str) -> list[str]:
    counted = Counter((row["reason_code"], row[f"note_{language}"]) for row in rows if row["reason_code"])
    if not counted:
        return []
    heads = [say(_TEXTS, word, language) for word in ("reason", "note", "number")]
    found = sorted(counted.items())
    told = [_line([say(_TEXTS, reason, language), note, str(number)]) for (reason, note), number in found]
    return [
        f"#### {say(_TEXTS, 'notes', language)}",
        "",
        _line(heads),
        _line(["---", "---", "---:"]),
        *told,
        "",
    ]


def _line(cells: Sequence[str]) -> str:
    """A row of a Markdown table; no cell can end it or open another."""
    return f"| {' | '.join(' '.join(cell.split()).replace('|', '/') for cell in cells)} |"


def check_changes(content: Content) -> Iterator[Finding]:
    """The file says what revisions.csv holds."""
    path = content.folder / names.CHANGES
    if not path.is_file():
        yield Finding(CHECK, names.CHANGES, "is missing.")
        return
    revisions = read_revisions(content.folder / content.files.revisions)
    lock = read_lock(content.folder / names.LOCK)
    if path.read_bytes() != render_changes(revisions, lock).encode():
        yield Finding(CHECK, names.CHANGES, "is not what revisions.csv gives.")
