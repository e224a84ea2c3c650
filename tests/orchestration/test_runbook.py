"""The runbook has one whole entry for each fault, and every message that points to it points to an entry."""

import ast
import re
from pathlib import Path

import pytest

from connectors.errors import SourceError
from orchestration.observation_checks import FAMILIES
from tests.faults.matrix import MATRIX

ROOT = Path(__file__).resolve().parents[2]
RUNBOOK = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
CODE = [
    path for room in ("connectors", "orchestration", "expectations") for path in (ROOT / room).rglob("*.py")
]


def entries() -> dict[str, str]:
    pieces = re.split(r"^### ", RUNBOOK, flags=re.MULTILINE)[1:]
    return {piece.split("\n", 1)[0]: piece for piece in pieces}


def faults_in_code() -> set[str]:
    """Every id given to an error or a warning, and every one a sentence points to."""
    found: set[str] = set()
    for path in CODE:
        text = path.read_text(encoding="utf-8")
        found |= set(re.findall(r"Runbook: ([A-Z]\d\d)", text))
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.keyword) and node.arg == "fault":
                found |= {text for text in _texts(node.value) if text}
    return found


def _texts(node: ast.expr) -> list[str]:
    """A text given outright, whatever it is; of an expression, what looks like an id."""
    if isinstance(node, ast.Constant):
        return [str(node.value)]
    constants = [n.value for n in ast.walk(node) if isinstance(n, ast.Constant)]
    return [value for value in constants if isinstance(value, str) and re.fullmatch(r"[A-Z]\d+", value)]


def test_every_fault_has_one_entry_and_no_entry_is_of_no_fault() -> None:
    assert list(entries()) == list(MATRIX)
    assert len(re.findall(r"^### ", RUNBOOK, flags=re.MULTILINE)) == len(MATRIX)


@pytest.mark.parametrize("name", MATRIX)
def test_an_entry_says_what_it_means_what_was_kept_what_to_do_and_who(name: str) -> None:
    entry = entries()[name]
    assert f"**{MATRIX[name].title}.** " in entry
    for word in ("Kept", "Do", "Who"):
        assert len(re.findall(rf"^\* \*\*{word}:\*\* \S", entry, flags=re.MULTILINE)) == 1, word


def test_every_fault_the_code_names_is_in_the_runbook() -> None:
    named = faults_in_code()
    assert len(named) > 40
    assert named <= set(MATRIX), named - set(MATRIX)


def test_the_checks_show_faults_of_the_matrix_each_in_one_family() -> None:
    shown = [fault for family in FAMILIES for fault in family.faults]
    assert set(shown) <= set(MATRIX) and len(shown) == len(set(shown))


def test_a_source_error_points_to_its_entry() -> None:
    error = SourceError("unsd", "x", "answered a web page", next_step="wait", owner="o", fault="T01")
    assert str(error).endswith("Owner: o. Runbook: T01.")
    assert "Runbook" not in str(SourceError("unsd", "x", "answered a web page", next_step="wait"))
    assert "## Unnamed" in RUNBOOK
