"""What some tests need of the machine beyond Python, and the pytest hooks for a machine that lacks it.

What belongs here: each need, how it is looked for, which Debian packages bring it, which tests have it. What
does not: the tests. `python -m tests.machine` prints the missing Debian packages, one a line; .ci/run
installs them.

A test whose need is not met is deselected, not skipped, and the end of the run says so. tests/conftest.py
loads the hooks, so that they also hold in the controller of pytest-xdist.
"""

import shutil
from collections.abc import Callable
from ctypes.util import find_library
from dataclasses import dataclass
from pathlib import Path

import pytest

HERE = Path(__file__).parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
LIBRARIES = ("pango-1.0", "pangoft2-1.0", "harfbuzz-subset")


def find_browser() -> str | None:
    """The executable of the first browser that this machine has."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


@dataclass(frozen=True)
class Need:
    """`name` as a person calls it; all tests of the files or folders `tests` have the need, and those of
    other folders that use one of the `fixtures`, which are (folder, name).
    """

    mark: str
    name: str
    packages: tuple[str, ...]
    is_met: Callable[[], bool]
    tests: tuple[str, ...]
    but: tuple[str, ...] = ()
    fixtures: tuple[tuple[str, str], ...] = ()

    def holds_for(self, item: pytest.Item) -> bool:
        """Whether a test has the need."""
        within = any(item.path.is_relative_to(HERE / name) for name in self.tests)
        names = getattr(item, "fixturenames", ())
        used = any(name in names and item.path.is_relative_to(HERE / room) for room, name in self.fixtures)
        return used or (within and not any(item.path == HERE / name for name in self.but))


NEEDS = (
    Need(
        "browser",
        "Chromium",
        ("chromium",),
        lambda: find_browser() is not None,
        ("browser",),
        but=("browser/test_markup.py",),
    ),
    Need(
        "java",
        "a Java runtime",
        ("default-jre-headless",),
        lambda: shutil.which("java") is not None,
        ("browser/test_markup.py",),
    ),
    Need(
        "pango",
        "the text library Pango",
        ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"),
        lambda: all(find_library(name) for name in LIBRARIES),
        ("browser", "bundle/test_site.py", "e2e", "site/test_pdf.py"),
        fixtures=(("site", "built"), ("bundle", "with_site")),
    ),
    Need(
        "ssh",
        "OpenSSH, by which people sign",
        ("openssh-client",),
        lambda: shutil.which("ssh-keygen") is not None,
        ("e2e", "faults/test_operation_kills.py"),
        fixtures=(("release", "people"),),
    ),
)


def missing() -> list[Need]:
    """The needs which this machine does not meet."""
    return [need for need in NEEDS if not need.is_met()]


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marks."""
    for need in NEEDS:
        config.addinivalue_line("markers", f"{need.mark}: needs {need.name} (tests/machine.py)")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark every test with its needs; deselect those with a need that is not met."""
    for item in items:
        for need in NEEDS:
            if need.holds_for(item):
                item.add_marker(need.mark)
    unmet = {need.mark for need in missing()}
    without = [item for item in items if unmet & {mark.name for mark in item.iter_markers()}]
    if without:
        items[:] = [item for item in items if item not in without]
        config.hook.pytest_deselected(items=without)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say plainly which part of the suite did not run, and what would let it."""
    for need in missing():
        where = ", ".join([f"tests/{name}" for name in need.tests])
        for room, name in need.fixtures:
            where += f", those of tests/{room} with the fixture {name}"
        terminalreporter.write_line(
            f"The tests in {where} did not run: this machine lacks {need.name} "
            f"(Debian: {' '.join(need.packages)}).",
            yellow=True,
        )


if __name__ == "__main__":
    for need in missing():
        print(*need.packages, sep="\n")
