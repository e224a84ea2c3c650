"""What became of each fault in this run: collected from the reports, written to build/faults.md.

What belongs here: pytest hooks (tests/conftest.py loads them). What does not: the list of faults (matrix.py).
With pytest-xdist every worker sees its own files only; the reports meet in the controller, which writes.
"""

from __future__ import annotations

import pytest

from tests.faults.matrix import MATRIX

OUTCOMES: dict[tuple[str, str], str] = {}


def pytest_runtest_setup(item: pytest.Item) -> None:
    """The fault's id travels with the report, also from a worker to the controller."""
    for mark in item.iter_markers("fault"):
        item.user_properties.append(("fault", mark.args[0]))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Remember the outcome of a test; a failed set-up or tear-down is a failure of the test."""
    for name, value in report.user_properties:
        key = (str(value), report.nodeid)
        if (
            name == "fault"
            and (report.when == "call" or report.outcome != "passed")
            and OUTCOMES.get(key) != "failed"
        ):
            OUTCOMES[key] = report.outcome


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write the table, in the controller only, and only if this run injected anything."""
    if OUTCOMES and not hasattr(session.config, "workerinput"):
        path = session.config.rootpath / "build" / "faults.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(render_outcomes(OUTCOMES), encoding="utf-8")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line: how many of all faults were injected, and how many survived."""
    if OUTCOMES:
        injected = {name for name, _ in OUTCOMES}
        survived = {name for name in injected if set(_of(name, OUTCOMES).values()) == {"passed"}}
        terminalreporter.write_line(
            f"Faults: {len(injected)} of {len(MATRIX)} injected, {len(survived)} survived (build/faults.md)."
        )


def render_outcomes(outcomes: dict[tuple[str, str], str]) -> str:
    """The table of one run: fault, title, verdict, test, outcome."""
    lines = [
        "# Faults injected in this run",
        "",
        "| Id | Fault | Verdict | Test | Outcome |",
        "|---|---|---|---|---|",
    ]
    for row in MATRIX.values():
        tests = _of(row.id, outcomes) or {"": "not run"}
        lines += [
            f"| {row.id} | {row.title} | {row.verdict} | {test} | {end} |"
            for test, end in sorted(tests.items())
        ]
    return "\n".join(lines) + "\n"


def _of(fault: str, outcomes: dict[tuple[str, str], str]) -> dict[str, str]:
    return {test.replace("|", "\\|"): end for (name, test), end in outcomes.items() if name == fault}
