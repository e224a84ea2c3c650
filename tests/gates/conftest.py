from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from expectations.builder import Suite, load_config, load_suites
from expectations.frames import Frames
from expectations.report import CheckResult
from expectations.runner import run_rules
from tests.gates.release_fixture import PLANNED, Tables, clean, write_tables

RunCheck = Callable[..., CheckResult]


def _only(check_id: str) -> list[Suite]:
    found = []
    for suite in load_suites():
        for rule in suite.rules:
            checks = [check for check in rule.checks if check.id == check_id]
            if checks:
                found.append(replace(suite, rules=(rule.model_copy(update={"checks": checks}),)))
    assert found, f"no check {check_id}"
    return found


@pytest.fixture
def run_check(tmp_path: Path) -> RunCheck:
    """Run one check over changed tables: `run_check("G3.matched", tables, before=..., planned=...)`."""

    def run(
        check_id: str,
        tables: Tables,
        before: Tables | None = None,
        planned: tuple[str, ...] = PLANNED,
        *,
        is_correction: bool = False,
    ) -> CheckResult:
        data = write_tables(tables, tmp_path / "data")
        compared = write_tables(before, tmp_path / "compared") if before is not None else None
        with Frames(data, compared, planned, is_correction=is_correction) as frames:
            (rule,), _ = run_rules(_only(check_id), frames, load_config(), [])
        return rule.checks[0]

    return run


@pytest.fixture
def tables() -> Tables:
    return clean()
