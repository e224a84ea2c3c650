"""What the tests of operation share: a clock, another process, a dbt project that dbt can run.

What belongs here: means. What does not: fixtures (conftest.py), what is expected (test_operation*.py).
"""

import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import yaml

from orchestration.settings import DBT_PROJECT_DIR
from tests.faults.matrix import Found, pattern
from tests.release.invented import TABLES

ROOT = Path(__file__).resolve().parents[2]


NOW = datetime(2026, 3, 1, 6, 0, tzinfo=UTC)


KEY = "world_bank/sp_pop_totl"


def said(error: object, row: Found) -> None:
    """The message is the one the table promises."""
    assert pattern(row.says).search(str(error)), f"{error!s} does not say {row.says!r}"


def other_process(code: str, *arguments: object) -> subprocess.Popen[str]:
    """Another process of this host that says 'ready' and then waits to be killed."""
    command = [sys.executable, "-c", code + "\nprint('ready', flush=True)\ninput()", *map(str, arguments)]
    process = subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ}
    )
    assert process.stdout is not None and process.stdout.readline() == "ready\n"
    return process


def make_runnable(project: Path) -> None:
    """Three models of one row each, exported by the real project's own macro."""
    values = {"varchar": "'x'", "double": "1.0", "boolean": "false"}
    for name, (_, columns) in TABLES.items():
        cells = ", ".join(
            f"cast({values[c['data_type']]} as {c['data_type']}) as {c['name']}" for c in columns
        )
        (project / "models" / "release" / f"{name}.sql").write_text(f"select {cells}\n")
    (project / "macros").mkdir()
    shutil.copy(DBT_PROJECT_DIR / "macros" / "export_tables.sql", project / "macros")
    shutil.copy(DBT_PROJECT_DIR / "profiles.yml", project)
    real = yaml.safe_load((DBT_PROJECT_DIR / "dbt_project.yml").read_text())
    kept = {
        name: real[name] for name in ("name", "version", "config-version", "profile", "flags", "on-run-end")
    }
    (project / "dbt_project.yml").write_text(yaml.safe_dump(kept))
