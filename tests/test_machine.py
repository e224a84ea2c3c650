"""Tests that the machine cannot run are deselected and named at the end; all others run."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from tests import machine

HERE = Path(__file__).parent


class Item:
    """As much of a pytest item as the hooks look at."""

    def __init__(self, path: str) -> None:
        self.path = HERE / path
        self.fixturenames = ("built",) if "pages" in path else ()
        self.marks: list[str] = []

    def add_marker(self, mark: str) -> None:
        self.marks.append(mark)

    def iter_markers(self) -> list[SimpleNamespace]:
        return [SimpleNamespace(name=mark) for mark in self.marks]


def collected(monkeypatch: pytest.MonkeyPatch, lacking: str) -> tuple[list[str], list[str], list[str]]:
    """The tests kept, those deselected, and what the end of the run says, on a machine lacking a need."""
    monkeypatch.setattr(machine, "missing", lambda: [need for need in machine.NEEDS if need.mark == lacking])
    items = [
        Item(path)
        for path in (
            "browser/test_reading.py",
            "browser/test_markup.py",
            "site/test_pages.py",
            "unit/x.py",
        )
    ]
    gone: list[Item] = []
    said: list[str] = []
    hook = SimpleNamespace(pytest_deselected=lambda items: gone.extend(items))
    machine.pytest_collection_modifyitems(SimpleNamespace(hook=hook), items)
    machine.pytest_terminal_summary(SimpleNamespace(write_line=lambda text, yellow: said.append(text)))
    return [item.path.name for item in items], [item.path.name for item in gone], said


@pytest.mark.parametrize(
    ("lacking", "left_out", "says"),
    [
        ("browser", ["test_reading.py"], "lacks Chromium (Debian: chromium)"),
        ("java", ["test_markup.py"], "lacks a Java runtime (Debian: default-jre-headless)"),
        (
            "pango",
            ["test_reading.py", "test_markup.py", "test_pages.py"],
            "lacks the text library Pango (Debian: libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0)",
        ),
    ],
)
def test_what_the_machine_cannot_run_is_left_out_and_named(
    monkeypatch: pytest.MonkeyPatch, lacking: str, left_out: list[str], says: str
) -> None:
    kept, gone, said = collected(monkeypatch, lacking)
    assert gone == left_out
    assert set(kept) & set(gone) == set() and "x.py" in kept
    assert len(said) == 1 and says in said[0]


def test_a_machine_with_everything_leaves_out_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    kept, gone, said = collected(monkeypatch, "nothing")
    assert (len(kept), gone, said) == (4, [], [])


def test_every_named_place_exists_and_ci_asks_for_them() -> None:
    assert [name for need in machine.NEEDS for name in need.tests if not (HERE / name).exists()] == []
    script = (HERE.parent / ".ci" / "run").read_text("utf-8")
    assert "python -m tests.machine" in script
    for name in ("tests.browser.test_markup", "tests.browser.test_reading", "tests.site.test_pdf"):
        assert f"must_have_run {name}" in script
