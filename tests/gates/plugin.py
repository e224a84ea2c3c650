"""What each defect of this run was caught by: collected from the reports, written to build/gates.md.

What belongs here: pytest hooks (tests/conftest.py loads them). What does not: the defects (defects*.py).
With pytest-xdist the reports of the workers meet in the controller, which writes.
"""

from __future__ import annotations

from typing import Any

import pytest

CAUGHT: dict[str, dict[str, Any]] = {}
MISSED: set[str] = set()


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Remember what a defect was caught by, or that its test failed."""
    if report.when != "call":
        return
    for name, found in report.user_properties:
        if name == "gate_defect" and report.outcome != "passed":
            MISSED.add(str(found))
        if name == "gate" and isinstance(found, dict) and report.outcome == "passed":
            CAUGHT[str(found["check"])] = found


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write the table, in the controller only, and only if this run broke anything."""
    if (CAUGHT or MISSED) and not hasattr(session.config, "workerinput"):
        path = session.config.rootpath / "build" / "gates.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(render(CAUGHT, MISSED), encoding="utf-8")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line: how many checks of how many gates were broken once, and how many saw it."""
    if CAUGHT or MISSED:
        gates = {check.split(".")[0] for check in CAUGHT}
        terminalreporter.write_line(
            f"Gates: {len(CAUGHT) + len(MISSED)} checks broken once, {len(CAUGHT)} defects caught by checks "
            f"of {len(gates)} gates (build/gates.md)."
        )


def render(caught: dict[str, dict[str, Any]], missed: set[str]) -> str:
    """The table of one run, by gate: check, level, severity, defect, what saw it, the sentence printed."""
    lines = [
        "# Defects injected into a sound release in this run",
        "",
        "| Gate | Check | Level | Severity | Defect | Caught by | A person reads |",
        "|---|---|---|---|---|---|---|",
    ]
    for check in sorted({*caught, *missed}, key=lambda name: (int(name.split(".")[0][1:]), name)):
        gate = check.split(".")[0]
        found = caught.get(check)
        if found is None:
            lines.append(f"| {gate} | {check} | | | not caught | | |")
            continue
        seen = ", ".join([check, *found["also"]])
        says = str(found["says"]).replace("|", "\\|")
        cells = [gate, check, str(found["level"]), found["severity"], found["defect"], seen, says]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"
