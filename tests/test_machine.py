"""Tests that the machine cannot run are deselected and named at the end; all others run."""

import ast
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests import machine

HERE = Path(__file__).parent


ITEMS = {
    "browser/test_reading.py": (),
    "browser/test_markup.py": (),
    "site/test_pages.py": ("built",),
    "release/test_publish.py": ("built", "people"),
    "bundle/test_seeded.py": ("with_site",),
    "unit/x.py": (),
}
"""Invented tests, with the fixtures they use: those of a name elsewhere are others."""
CALLS = {"pango": ("build_site", "stage_site", "write_progress_pdf"), "ssh": ("make_person", "make_key")}
"""What has each need, as the tests call it."""


class Item:
    """As much of a pytest item as the hooks look at."""

    def __init__(self, path: str) -> None:
        self.path = HERE / path
        self.fixturenames = ITEMS[path]
        self.marks: list[str] = []

    def add_marker(self, mark: str) -> None:
        self.marks.append(mark)

    def iter_markers(self) -> list[SimpleNamespace]:
        return [SimpleNamespace(name=mark) for mark in self.marks]


def collected(monkeypatch: pytest.MonkeyPatch, lacking: str) -> tuple[list[str], list[str], list[str]]:
    """The tests kept, those deselected, and what the end of the run says, on a machine lacking a need."""
    monkeypatch.setattr(machine, "missing", lambda: [need for need in machine.NEEDS if need.mark == lacking])
    items = [Item(path) for path in ITEMS]
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
            ["test_reading.py", "test_markup.py", "test_pages.py", "test_seeded.py"],
            "lacks the text library Pango (Debian: libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0)",
        ),
        ("ssh", ["test_publish.py"], "lacks OpenSSH, by which people sign (Debian: openssh-client)"),
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
    assert (len(kept), gone, said) == (len(ITEMS), [], [])


def _calls(node: ast.AST, names: tuple[str, ...]) -> bool:
    """Whether a piece of code calls one of the names where no refusal is expected of it."""
    if isinstance(node, ast.With) and "pytest.raises" in ast.unparse(node.items[0]):
        return False
    if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in names:
        return True
    return any(_calls(child, names) for child in ast.iter_child_nodes(node))


def _fixtures_of(function: ast.FunctionDef) -> tuple[str, ...]:
    """A fixture stands for itself: who uses it has its needs."""
    is_fixture = any("fixture" in ast.unparse(one) for one in function.decorator_list)
    return (function.name,) if is_fixture else tuple(one.arg for one in function.args.args)


def _users(path: Path, sources: Mapping[Path, str]) -> list[Path]:
    """The modules of tests and fixtures that a module is or, being a helper, serves by way of others."""
    reached = [path]
    for one in reached:
        if not one.name.startswith("test_") and one.name != "conftest.py":
            module = ".".join(("tests", *one.relative_to(HERE).with_suffix("").parts))
            importers = (other for other, source in sources.items() if f"{module} import" in source)
            reached += [other for other in importers if other not in reached]
    return [one for one in reached if one.name.startswith("test_") or one.name == "conftest.py"]


def _without_need(need: machine.Need, names: tuple[str, ...]) -> list[str]:
    """The tests and fixtures that call one of the names and are run on a machine lacking the need."""
    sources = {path: path.read_text("utf-8") for path in HERE.rglob("*.py")}
    found = []
    for path in (path for path, source in sources.items() if any(name in source for name in names)):
        for node in ast.walk(ast.parse(sources[path])):
            if isinstance(node, ast.FunctionDef) and _calls(node, names):
                for user in _users(path, sources):
                    item = SimpleNamespace(path=user, fixturenames=_fixtures_of(node))
                    if not need.holds_for(item):
                        found.append(f"{user.relative_to(HERE)}::{node.name}")
    return found


@pytest.mark.parametrize("mark", CALLS)
def test_whatever_calls_for_it_has_the_need(mark: str) -> None:
    need = next(need for need in machine.NEEDS if need.mark == mark)
    assert _without_need(need, CALLS[mark]) == []
    nothing = replace(need, tests=(), fixtures=())
    assert len(_without_need(nothing, CALLS[mark])) >= 2


def test_every_fixture_with_a_need_exists() -> None:
    for room, name in (one for need in machine.NEEDS for one in need.fixtures):
        assert any(f"def {name}(" in path.read_text("utf-8") for path in (HERE / room).glob("*.py")), name


def test_every_named_place_exists_and_ci_asks_for_them() -> None:
    assert [name for need in machine.NEEDS for name in need.tests if not (HERE / name).exists()] == []
    script = (HERE.parent / ".ci" / "run").read_text("utf-8")
    assert "python -m tests.machine" in script
    for name in ("tests.browser.test_markup", "tests.browser.test_reading", "tests.site.test_pdf"):
        assert f"must_have_run {name}" in script
