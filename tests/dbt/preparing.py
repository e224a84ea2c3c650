"""dbt's inputs made from the sample by the real verbs, and dbt run on them.

What belongs here: filling a store from the sample, preparing a warehouse of it, running dbt there. What does
not: fixtures.
"""

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from connectors.config import SourceSettings
from connectors.http import Client
from connectors.refresh import refresh_dataset
from connectors.registry import list_datasets
from connectors.sample import SAMPLE_NOW
from connectors.store import Store
from orchestration.release.build import prepare_build
from orchestration.release.context import DBT_PROJECT, open_release
from orchestration.release.dbt_run import dbt_environment
from orchestration.release.lock import lock_release
from orchestration.release.plan import plan_release


@dataclass(frozen=True)
class DbtRun:
    """What one dbt command left: exit code, status of each node by its short name, and the two folders."""

    exit_code: int
    statuses: dict[str, str]
    output: str
    warehouse: Path
    target: Path


def fill_sample_store(home: Path) -> Store:
    """A store that holds both vintages of the sample."""
    for vintage in ("1", "2"):
        settings = SourceSettings.from_env(
            {"CIRCULARITY_HOME": str(home), "CIRCULARITY_SAMPLE_VINTAGE": vintage}
        )
        store = Store(settings.root, illustrative=True)
        with Client(settings) as client:
            for spec in list_datasets():
                result = refresh_dataset(spec, client, store, SAMPLE_NOW)
                # A survey of a few years has nothing new in the second.
                assert result.outcome == "new" or (vintage, result.outcome) == ("2", "unchanged"), result
    return store


def prepare_warehouse(store: Store, home: Path) -> Path:
    """dbt's inputs for sample-2025.1, which has no predecessor, from a copy of a store."""
    shutil.copytree(store.root, home / "sample")
    context = open_release(SourceSettings.from_env({"CIRCULARITY_HOME": str(home)}), "sample-2025.1")
    plan_release(context, now=SAMPLE_NOW)
    lock_release(context, now=SAMPLE_NOW)
    return prepare_build(context)


def run_dbt(warehouse: Path, target: Path, *arguments: str) -> DbtRun:
    """Run one dbt command in a warehouse; `target` is dbt's own folder, maybe of an earlier run."""
    (target / "run_results.json").unlink(missing_ok=True)
    command = [sys.executable, "-m", "dbt.cli.main", *arguments, "--profiles-dir", "."]
    command += ["--target-path", str(target), "--log-path", str(target / "logs")]
    done = subprocess.run(
        command, cwd=DBT_PROJECT, env=dbt_environment(warehouse), capture_output=True, text=True
    )
    return read_run(warehouse, target, done.returncode, done.stdout)


def read_run(warehouse: Path, target: Path, exit_code: int, output: str) -> DbtRun:
    """What a finished dbt command left in its folder."""
    results = json.loads((target / "run_results.json").read_text(encoding="utf-8"))["results"]
    statuses = {entry["unique_id"].split(".", 2)[2]: entry["status"] for entry in results}
    return DbtRun(exit_code, statuses, output, warehouse, target)
