"""Fixtures every room may use, and the rule about tests that need the replay server.

What belongs here: the replay server, a store filled from the sample. What does not: fixtures of one room.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from connectors.config import SourceSettings
from connectors.corrections import register
from connectors.http import Client
from connectors.refresh import refresh_dataset
from connectors.registry import list_datasets
from connectors.sample import SAMPLE_NOW
from connectors.store import Store

REPLAY = "CIRCULARITY_REPLAY_DIR"
# The outcome of every fault test, collected in the controller whatever the split.
pytest_plugins = ["tests.faults.plugin"]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without a replay folder the tests that need it are deselected, not skipped: the summary says so."""
    if os.environ.get(REPLAY):
        return
    without = [item for item in items if "replay" in item.keywords]
    if without:
        items[:] = [item for item in items if "replay" not in item.keywords]
        config.hook.pytest_deselected(items=without)


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


@pytest.fixture(scope="session")
def sample_store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A store that holds both vintages of the sample; treat it as read-only, or copy its root."""
    home = tmp_path_factory.mktemp("sample")
    for vintage in ("1", "2"):
        settings = SourceSettings.from_env(
            {"CIRCULARITY_HOME": str(home), "CIRCULARITY_SAMPLE_VINTAGE": vintage}
        )
        store = Store(settings.root, illustrative=True)
        with Client(settings) as client:
            for spec in list_datasets():
                result = refresh_dataset(spec, client, store, SAMPLE_NOW)
                assert result.outcome == "new", result
    return store
