"""Every fault of the fault matrix: id, title, verdict; which test injects it; the table in docs/faults.md.

What belongs here: the list, the decorator `@fault`, finding the tests by reading their source, the table.
What does not: injecting a fault (router.py), judging what became of it (scene.py), outcomes of a run
(plugin.py).

A test says which fault it injects, and the core of the message a person then reads:

    @fault("T05", "incomplete, {n} of {m} bytes")
    def test_a_body_cut_short(scene): ...

`{...}` stands for any text. `Scene.assert_survived` checks the message against that core, so the table cannot
promise other words than the program says; "" means that nobody is told anything. Several tests may inject one
fault, and one test several (parametrised marks: `pytest.param(..., marks=fault("T06", "..."))`).
Write the committed table anew with `python -m tests.faults.matrix`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent.parent
TABLE = TESTS.parent / "docs" / "faults.md"

SECTIONS = {
    "T": "Transport",
    "P": "Bytes and structure",
    "V": "Values and keys",
    "S": "Codes, coverage, revisions",
    "O": "Operation",
    "H": "Hostile input",
}
VERDICTS = {
    "R": "tried again within the time and call budget, then the data set fails",
    "Q": "the row is quarantined with reason and place; too many rows fail the data set",
    "F": "the data set fails; its last good vintage stands; the others go on",
    "B": "the release is blocked: `build` or `publish` refuses",
    "W": "a warning, which a named person must accept before release",
    "-": "taken as it is: no harm is done",
}


# Rows whose test shows what holds today, which is less than the verdict says.
PARTLY = {
    "V11": "a share above 100 % is kept and marked; gate G8 asks for an acceptance, above 150 % for a waiver",
}


@dataclass(frozen=True)
class Fault:
    """One row of the matrix."""

    id: str
    title: str
    verdict: str


def _rows(text: str) -> Iterator[Fault]:
    for line in text.strip().splitlines():
        name, verdict, title = line.strip().split(" ", 2)
        yield Fault(name, title, verdict)


MATRIX: dict[str, Fault] = {
    row.id: row
    for row in _rows("""
    T01 R A web page with status 200
    T02 F A redirect to another place
    T03 F Another format than asked for
    T04 F An error object with status 200
    T05 R A body cut short
    T06 R Too many requests (429), with a wait as seconds, as a date, as text, or without one
    T07 F A quota refused with 403
    T08 F Too many cells refused with 403
    T09 F Too large a request refused with 413
    T10 R An answer put into a queue
    T11 F As many rows as the cap
    T12 F Paging ignored; the same page again
    T13 R Data that change between two pages
    T14 F An empty answer
    T15 F An address that is gone (404, 410)
    T16 F An expired TLS certificate
    T17 R A server that fails now and then (5xx)
    T18 R An answer that drips, or never comes
    T19 - gzip undeclared, or twice
    T20 - "Not modified" without a stored body; an unstable ETag
    T21 W A version marker that goes backwards
    T22 F A key expired or revoked
    P01 - A byte order mark
    P02 F Latin-1 bytes in UTF-8
    P03 - NUL padding
    P04 F NaN, Infinity and 1e400 in JSON
    P05 F A JSON key twice
    P06 F A ragged CSV, a repeated header, a footer, another separator
    P07 F A column renamed, added or removed
    P08 F A new dimension
    P09 F SDMX that does not conform
    P10 - Positions without data, sparse statuses
    V01 Q Decimal comma, blanks, thousands separators
    V02 F Symbols in place of a value
    V03 F Value and flags in one cell
    V04 F A changed vocabulary of flags
    V05 - Bounds and words in place of a value
    V06 W Zero where a value is missing
    V07 Q A unit switched, for all or for one country
    V08 F A wrong unit label over right values
    V09 F Units of 100 kg read as kg
    V10 F Another base year of money
    V11 Q A share above 100 %, a negative mass
    V12 Q A period that is not a year
    V13 - Forecast rows among the observations
    V14 W A key twice, with the same content
    V15 F A key twice, with different values
    V16 F Totals among their parts
    V17 B A confidential cell that carries a value
    S01 F An unknown area code
    S02 F Two codes for one area
    S03 F A wrong reporter code that gives an empty success
    S04 F An unmapped partner
    S05 F Another edition of the product list
    S06 F A code renamed between two vintages
    S07 F A series withdrawn
    S08 F Coverage that falls; a year that is missing
    S09 - A gap that belongs to the rhythm of the data
    S10 W A large revision
    S11 W A revision that turns a status around
    S12 B Numerator and denominator that cover different countries
    S13 W Two sources that disagree
    S14 B A target whose base was revised
    S15 B A translation that is missing
    O01 - A process killed while it downloads
    O02 - A process killed between object and manifest
    O03 - A process killed while it builds
    O04 - A process killed while it publishes
    O05 F A full disk, at any write
    O06 F Two runs at once
    O07 F A warehouse somebody else has opened
    O08 - A stale lock after a crash
    O09 B A clock that is wrong or goes backwards
    O10 - An embargo on the night the clocks change
    O11 F A folder that may not be written
    O12 B A stored snapshot that is corrupt
    O13 B A half-written Parquet file
    O14 B A key in a log, an event, a snapshot or a record
    O15 W A schedule that falls silent
    O16 B A downstream run started alone after a red check
    O17 B A dependency that changed
    O18 - A web server reachable from outside
    H01 F An external entity in XML
    H02 F An entity bomb
    H03 F A document type hidden by its encoding or behind a comment
    H04 F A zip or gzip bomb
    H05 F An archive with hostile members
    H06 F An oversized body
    H07 F Deep JSON
    H08 F A formula in a label
    H09 F A path in a code
    H10 F A request forged by redirect, private address, user name or port
    H11 F SQL in a code
    H12 - HTML or script in a label
    H13 B An expression or address in a chart specification
    H14 F Right-to-left override, NUL, a label of 1 MB
    H15 F Look-alike letters in a code
    H16 B A hostile path in datapackage.json
    H17 - A pattern that blows up
    H18 B A forged sign-off
    """)
}


def fault(name: str, says: str = "") -> pytest.MarkDecorator:
    """Mark a test as the one that injects fault `name`; `says` is the core of the message then read."""
    if name not in MATRIX:
        raise ValueError(f"{name} is no fault of the matrix")
    return pytest.mark.fault(name, says)


def pattern(says: str) -> re.Pattern[str]:
    """A message core as a pattern: `{...}` stands for any text."""
    return re.compile(".+?".join(re.escape(piece) for piece in re.split(r"\{[^{}]*\}", says)), re.DOTALL)


@dataclass(frozen=True)
class Found:
    """One test that injects a fault: `where` is file::test below tests/. `idle` says why it may not run."""

    fault: str
    says: str
    where: str
    idle: str = ""


def find_tests(root: Path = TESTS) -> list[Found]:
    """Every `@fault` in the suite, found by reading the source: it works however the suite is split."""
    found = []
    for path in sorted(root.rglob("test_*.py")):
        text = path.read_text(encoding="utf-8")
        if "fault(" not in text:
            continue
        tree = ast.parse(text)
        name = path.relative_to(root).as_posix()
        whole = _idle(tree.body) if "pytestmark" in {_assigned(node) for node in tree.body} else ""
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                idle = whole or _idle(node.decorator_list)
                for call in _fault_calls(node):
                    found.append(Found(*call, f"{name}::{node.name}", idle))
    return sorted(found, key=lambda f: (list(MATRIX).index(f.fault), f.where, f.says))


def _assigned(node: ast.stmt) -> str:
    target = node.targets[0] if isinstance(node, ast.Assign) else None
    return target.id if isinstance(target, ast.Name) else ""


def _idle(nodes: list[ast.stmt] | list[ast.expr]) -> str:
    """The mark, if any, under which these tests may not run everywhere."""
    marks = {"skip", "skipif", "xfail", "replay"}
    decorators = [n for n in nodes if not isinstance(n, ast.stmt) or _assigned(n) == "pytestmark"]
    names = (sub.attr for node in decorators for sub in ast.walk(node) if isinstance(sub, ast.Attribute))
    return next((name for name in names if name in marks), "")


def _fault_calls(function: ast.FunctionDef) -> Iterator[tuple[str, str]]:
    for decorator in function.decorator_list:
        for node in ast.walk(decorator):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "fault":
                texts = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
                yield str(texts[0]), str(texts[1]) if len(texts) > 1 else ""


def render_table() -> str:
    """docs/faults.md: for each fault its verdict, its tests, and the core of what a person reads."""
    lines = [
        "# Faults, and what becomes of them",
        "",
        "Written by `python -m tests.faults.matrix`; a test keeps it current. Every run of the suite writes",
        "the outcome of each test to `build/faults.md`. What to do about a message: `docs/runbook.md`.",
        "",
        *(f"* **{verdict}**: {meaning}." for verdict, meaning in VERDICTS.items()),
    ]
    tests: dict[str, list[Found]] = {}
    for found in find_tests():
        tests.setdefault(found.fault, []).append(found)
    for letter, title in SECTIONS.items():
        lines += [
            "",
            f"## {title}",
            "",
            "| Id | Fault | Verdict | A person reads | Tests |",
            "|---|---|---|---|---|",
        ]
        for row in MATRIX.values():
            if row.id.startswith(letter):
                said = dict.fromkeys(f.says for f in tests.get(row.id, []) if f.says)
                where = dict.fromkeys(f"`{f.where}`" for f in tests.get(row.id, []))
                cells = (row.id, row.title, row.verdict, "<br>".join(said) or "nothing", "<br>".join(where))
                lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    lines += [
        "",
        "## What holds only in part",
        "",
        *(f"* **{key}**: {text}." for key, text in PARTLY.items()),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    TABLE.write_text(render_table(), encoding="utf-8")
