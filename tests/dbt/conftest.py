"""A warehouse prepared from the sample by the real verbs, and dbt to run in it.

What belongs here: making such a warehouse, running dbt in it. What does not: what is asserted about it.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from connectors.config import SourceSettings
from connectors.sample import SAMPLE_NOW
from connectors.store import Store
from orchestration.release.build import prepare_build
from orchestration.release.context import DBT_PROJECT, open_release
from orchestration.release.dbt_run import dbt_environment
from orchestration.release.lock import lock_release
from orchestration.release.plan import plan_release


@dataclass(frozen=True)
class DbtRun:
    """What one dbt command left: its exit code and the status of each node by its short name."""

    exit_code: int
    statuses: dict[str, str]
    output: str


@pytest.fixture(scope="session")
def prepared_warehouse(sample_store: Store, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """dbt's inputs for sample-2025.1, which has no predecessor."""
    home = tmp_path_factory.mktemp("warehouse")
    shutil.copytree(sample_store.root, home / "sample")
    context = open_release(SourceSettings.from_env({"CIRCULARITY_HOME": str(home)}), "sample-2025.1")
    plan_release(context, now=SAMPLE_NOW)
    lock_release(context, now=SAMPLE_NOW)
    return prepare_build(context)


@pytest.fixture
def run_dbt(tmp_path: Path) -> Callable[..., DbtRun]:
    """`run_dbt(warehouse, *arguments)` runs dbt there."""

    def run(warehouse: Path, *arguments: str) -> DbtRun:
        target = tmp_path / "target"
        command = [sys.executable, "-m", "dbt.cli.main", *arguments, "--profiles-dir", "."]
        command += ["--target-path", str(target), "--log-path", str(target / "logs")]
        done = subprocess.run(
            command, cwd=DBT_PROJECT, env=dbt_environment(warehouse), capture_output=True, text=True
        )
        results = json.loads((target / "run_results.json").read_text())["results"]
        statuses = {entry["unique_id"].split(".", 2)[2]: entry["status"] for entry in results}
        return DbtRun(done.returncode, statuses, done.stdout)

    return run
