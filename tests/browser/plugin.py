"""Without Chromium the tests of this folder are deselected, and the last line of the run says so.

What belongs here: pytest hooks (tests/conftest.py loads them, so that they also hold in the controller of
pytest-xdist). What does not: fixtures (conftest.py).
"""

import shutil
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def find_browser() -> str | None:
    """The executable of the first browser that this machine has."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def pytest_configure(config: pytest.Config) -> None:
    """Declare the mark which the tests of this folder carry."""
    config.addinivalue_line("markers", "browser: needs Chromium")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark every test of this folder; deselect them where there is no browser."""
    here = [item for item in items if item.path.is_relative_to(FOLDER)]
    for item in here:
        item.add_marker("browser")
    if here and find_browser() is None:
        items[:] = [item for item in items if item not in here]
        config.hook.pytest_deselected(items=here)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say plainly that part of the suite did not run."""
    if find_browser() is None:
        terminalreporter.write_line("The browser tests did not run: Chromium is not installed.", yellow=True)
