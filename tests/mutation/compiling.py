"""dbt's compiled unit tests, made afresh.

What belongs here: empty relations for the unit tests to take their column types from, and the run that
writes the compiled tests. What does not: reading them (cases.py).
"""

import shutil
import subprocess
import sys
from pathlib import Path

from orchestration.release.context import DBT_PROJECT
from orchestration.release.dbt_run import dbt_environment


def compile_unit_tests(inputs: Path, scratch: Path, project: Path = DBT_PROJECT) -> Path:
    """dbt's target folder below `scratch`, after every unit test has passed.

    `inputs` is a prepared warehouse; it is copied, and only its columns count. Raises RuntimeError with what
    dbt said if a model cannot be built or a unit test fails.
    """
    warehouse, target = scratch / "warehouse", scratch / "target"
    shutil.copytree(inputs / "input", warehouse / "input")
    (warehouse / "export").mkdir()
    for command in (
        ("build", "--empty", "--resource-type", "seed", "--resource-type", "model"),
        ("test", "--select", "test_type:unit"),
    ):
        done = subprocess.run(
            [sys.executable, "-m", "dbt.cli.main", *command, "--profiles-dir", "."]
            + ["--target-path", str(target), "--log-path", str(target / "logs")],
            cwd=project,
            env=dbt_environment(warehouse),
            capture_output=True,
            text=True,
        )
        if done.returncode != 0:
            raise RuntimeError(f"dbt {command[0]} failed:\n{done.stdout[-4000:]}")
    return target
