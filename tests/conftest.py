"""Fixtures every room may use, the order of the files, and the rule about tests that need the replay server.

What belongs here: the replay server; the sample as a store, as dbt's inputs, and built. What does not:
fixtures of one room.
"""

import fcntl
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from connectors.corrections import register
from connectors.store import Store
from tests.dbt.preparing import DbtRun, fill_sample_store, prepare_warehouse, read_run, run_dbt

REPLAY = "CIRCULARITY_REPLAY_DIR"
# Hooks that also hold in the controller, whatever the split: outcomes of faults and defects, needs of tests.
pytest_plugins = ["tests.faults.plugin", "tests.gates.plugin", "tests.machine"]
TESTS = Path(__file__).resolve().parent
# The files that take minutes start first, so that no worker is left alone with one at the end; the two that
# need the sample built are apart, so that none waits for the other's build.
LONGEST = (
    TESTS / "e2e" / "test_replay.py",
    TESTS / "e2e" / "test_sample.py",
    TESTS / "mutation" / "test_mutation.py",
    TESTS / "faults" / "test_operation_kills.py",
    TESTS / "contract" / "test_replay_providers.py",
    TESTS / "dbt" / "test_build.py",
)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without a replay folder the tests that need it are deselected, not skipped: the summary says so."""
    _start_longest_first(items)
    if os.environ.get(REPLAY):
        return
    without = [item for item in items if "replay" in item.keywords]
    if without:
        items[:] = [item for item in items if "replay" not in item.keywords]
        config.hook.pytest_deselected(items=without)


def _start_longest_first(items: list[pytest.Item]) -> None:
    gone = [path for path in LONGEST if not path.is_file()]
    if gone:
        raise pytest.UsageError(f"{gone[0]} is named in LONGEST and does not exist. Correct the list.")
    place = {path: number for number, path in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.path, len(LONGEST)))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say plainly that part of the suite did not run."""
    if not os.environ.get(REPLAY):
        terminalreporter.write_line(
            f"The tests against the replay server did not run: {REPLAY} is not set.", yellow=True
        )


@pytest.fixture(autouse=True)
def without_known_errors(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Invented figures have none of the real figures' known errors, also where a test calls them live."""
    if "replay" not in request.keywords:
        monkeypatch.setattr(register, "FOLDER", tmp_path / "no corrections")


@pytest.fixture
def replay_server() -> Iterator[Callable[[str], str]]:
    """A factory: `replay_server(vintage)` starts a server on a free port and returns its address."""
    running: list[subprocess.Popen[str]] = []

    def start(vintage: str) -> str:
        script = Path(os.environ[REPLAY]) / "serve.py"
        command = [sys.executable, str(script), "--port", "0", "--vintage", vintage]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        running.append(process)
        assert process.stdout is not None
        return process.stdout.readline().split()[2]

    yield start
    for process in running:
        process.terminate()
        process.wait(timeout=10)


def make_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """The folder `name`, filled by `make` once in a run of the suite; treat it as read-only.

    Workers share it: the first one that needs it makes it, the others wait for it.
    """
    base = factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / name
    folder.mkdir(exist_ok=True)
    done = folder / "done"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            make(folder)
            done.touch()
    return folder


@pytest.fixture(scope="session")
def sample_store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A store that holds both vintages of the sample; treat it as read-only, or copy its root."""
    folder = make_once(tmp_path_factory, "sample store", fill_sample_store)
    return Store(folder / "sample", illustrative=True)


@pytest.fixture(scope="session")
def prepared_warehouse(sample_store: Store, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """dbt's inputs for sample-2025.1; treat it as read-only, or copy it."""
    folder = make_once(tmp_path_factory, "sample inputs", lambda home: prepare_warehouse(sample_store, home))
    return folder / "sample" / "warehouse"


@pytest.fixture(scope="session")
def sample_build(prepared_warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> DbtRun:
    """The sample built with every test dbt has; treat it as read-only."""

    def build(folder: Path) -> None:
        shutil.copytree(prepared_warehouse, folder / "warehouse")
        made = run_dbt(folder / "warehouse", folder / "target", "build")
        (folder / "said.json").write_text(json.dumps([made.exit_code, made.output]), encoding="utf-8")

    folder = make_once(tmp_path_factory, "sample build", build)
    said = json.loads((folder / "said.json").read_text(encoding="utf-8"))
    return read_run(folder / "warehouse", folder / "target", *said)
