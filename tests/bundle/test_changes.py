"""CHANGES.md: what it tells in each language, and that each defect is found."""

from collections.abc import Callable
from pathlib import Path

import pytest

from expectations.waivers import REASON_CODES
from orchestration.release.bundle_check import read_content
from orchestration.release.changes import check_changes, render_changes
from orchestration.release.schema import REVISIONS
from orchestration.release.wording import LANGUAGES, say
from tests.bundle.conftest import make_lock
from tests.bundle.edits import Edit, remove, replace_text

FILE = "CHANGES.md"


def said(folder: Path) -> str:
    return " ".join(str(finding) for finding in check_changes(read_content(folder)))


def part(folder: Path, language: str) -> str:
    parts = (folder / FILE).read_text(encoding="utf-8").split("\n## ")[1:]
    return dict(zip(LANGUAGES, parts, strict=True))[language]


def test_each_language_counts_the_changes_and_gives_the_notes(finished: Path) -> None:
    assert "### Changes in release sample-2026.1" in part(finished, "en")
    assert "| Indicator | Added | Removed | Revised | Other source code | Other status |" in part(
        finished, "en"
    )
    for language in LANGUAGES:
        found = part(finished, language)
        assert "| A02 | 0 | 0 | 1 | 0 | 0 |" in found  # the one value revised
        assert "| A02 | 0 | 0 | 1 |" in found  # the one status changed
        assert "sample-2025.1" in found
        assert say("changes", "source_revision", language) in found
    assert "Revised by" in part(finished, "en") and "Revised by" not in part(finished, "ru")
    assert said(finished) == ""


def test_a_release_without_predecessor_or_without_changes_says_so() -> None:
    lock, nothing = make_lock(), REVISIONS.empty_table()
    first = render_changes(nothing, lock.model_copy(update={"predecessor": None, "illustrative": False}))
    for language in LANGUAGES:
        assert say("changes", "first", language) in first
        assert say("changes", "none", language) in render_changes(nothing, lock)
    assert "ILLUSTRATIVE" not in first


def test_a_note_cannot_break_the_table() -> None:
    row = dict.fromkeys(REVISIONS.column_names) | {
        "table": "rpt_observation",
        "indicator": "A01",
        "change": "revised",
        "reason_code": "our_error",
        **{f"note_{language}": "a | b\n| c" for language in LANGUAGES},
    }
    revisions = REVISIONS.empty_table().from_pylist([row], schema=REVISIONS.arrow_schema())
    assert "| our error | a / b / c | 1 |" in render_changes(revisions, make_lock())


def test_every_reason_a_person_can_give_has_its_words() -> None:
    assert all(say("changes", reason, language) for reason in REASON_CODES for language in LANGUAGES)


@pytest.mark.parametrize(
    ("defect", "sentence"),
    [
        (remove(FILE), "is missing"),
        (replace_text(FILE, "| A02 | 0 | 0 | 1 |", "| A02 | 0 | 0 | 2 |"), "is not what revisions.csv gives"),
        (
            replace_text("ILLUSTRATIVE_revisions.csv", "source_revision", "our_error"),
            "is not what revisions.csv",
        ),
    ],
)
def test_each_defect_is_found(
    finished: Path, copy_of: Callable[[Path], Path], defect: Edit, sentence: str
) -> None:
    folder = copy_of(finished)
    defect(folder)
    assert sentence in said(folder)
