"""The twelve points of section 5 of the release design, each with the sentences its tests saw.

`python -m tests.release.refusals` runs the tests of publishing and writes the table to standard output.

What belongs here: the points, finding their tests, the table. What does not: making `publish` refuse
(test_publish.py and its neighbours).
"""

import ast
import contextlib
import io
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from orchestration.release.refusals import Refusal
from tests.release import publishing

POINTS = {
    1: "not published under another hash, not built from an uncommitted tree",
    2: "every file hash, no missing file, no extra file",
    3: "data, candidate and predecessor are those that were recorded",
    4: "gate.json is green, and so is the gate run again now",
    5: "rules and code are those of this installation",
    6: "sign-offs intact, by two people of the plan, after every comment was answered",
    7: "waivers and erratum unexpired, complete and unchanged",
    8: "the embargo has passed, and the clock is behind no recorded time",
    9: "no illustrative data",
    10: "licences approved, no withheld rows",
    11: "all validators pass again",
    12: "nobody else publishes; space and permissions suffice",
}
HERE = Path(__file__).parent


def find_tests(folder: Path = HERE) -> dict[int, list[str]]:
    """The tests that ask for a refusal, by point, as file::test: read from their source."""
    found: dict[int, list[str]] = {point: [] for point in POINTS}
    for path in sorted(folder.glob("test_*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for test in (node for node in tree.body if isinstance(node, ast.FunctionDef)):
            for point in _points_of(test):
                found[point].append(f"{path.name}::{test.name}")
    return found


def _points_of(test: ast.FunctionDef) -> list[int]:
    calls = [node for node in ast.walk(test) if isinstance(node, ast.Call)]
    asked = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "assert_refused"]
    points = [call.args[1] for call in asked if len(call.args) == 4]
    return [one.value for one in points if isinstance(one, ast.Constant) and isinstance(one.value, int)]


def render_table(refusals: Iterable[Refusal]) -> str:
    """A Markdown table: one row for each sentence, in the order of the points."""
    lines = ["| Point | `publish` verifies | It says | Exit |", "|---|---|---|---|"]
    said = {(one.check, one.sentence.replace("|", "\\|"), one.code) for one in refusals}
    lines += [f"| {point} | {POINTS[point]} | {text} | {code} |" for point, text, code in sorted(said)]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Run the tests and print what they saw; the exit code of the run."""
    files = sorted({test.split("::")[0] for tests in find_tests().values() for test in tests})
    log = io.StringIO()
    with contextlib.redirect_stdout(log):
        code = pytest.main(["-q", "-p", "no:cacheprovider", *(str(HERE / name) for name in files)])
    if code:
        sys.stderr.write(log.getvalue())
    sys.stdout.write(render_table(publishing.SEEN))
    return int(code)


if __name__ == "__main__":
    sys.exit(main())
