"""H16 and H17: what a download can make its reader open, and how long any pattern may take.

The patterns given to polars need no test: its engine is linear by construction.
"""

from __future__ import annotations

import ast
import re
import time
from pathlib import Path
from typing import Any

import pytest

import connectors
import expectations
import orchestration
from orchestration.release import names
from orchestration.release.datapackage_check import check_datapackage
from orchestration.release.findings import Content
from tests.faults.matrix import fault
from tests.faults.router import Router
from tests.faults.scene import at_most

# A pattern that takes the square of this many steps takes minutes; a linear one milliseconds.
WHOLE = 100_000
SECONDS = 2.0


def resource(**changes: Any) -> dict[str, Any]:
    return {"name": "a", "path": "data/a.csv", **changes}


@fault("H16")
@pytest.mark.parametrize(
    "descriptor",
    [
        {"resources": [resource(path="/etc/hostname")]},
        {"resources": [resource(path="../outside.csv")]},
        {"resources": [resource(path="data/../../outside.csv")]},
        {"resources": [resource(path="{url}/a.csv")]},
        {"resources": [resource(path="file:///etc/hostname")]},
        {"resources": [resource(path=["data/a.csv", "{url}/b.csv"])]},
        {"resources": [resource(path="C:\\x.csv")]},
        {"resources": [resource(path="")]},
        {"resources": [resource(path=None)]},
        {"resources": [resource(schema="{url}/schema.json")]},
        {"resources": [resource(schema="/etc/hostname")]},
        {"resources": [resource(dialect="{url}/dialect.json")]},
        {"resources": [resource(profile="{url}/profile.json")]},
        {"resources": [resource(extrapaths=["/etc/hostname"])]},
        {"resources": [resource(data="{url}")]},
        {"resources": ["{url}/resource.json"]},
        {"profile": "{url}/profile.json", "resources": []},
        {"profiles": ["{url}/profile.json"], "resources": []},
        {"dialect": "{url}/d.json", "resources": []},
    ],
)
def test_a_descriptor_opens_nothing_but_the_files_beside_it(tmp_path, descriptor):
    (tmp_path / names.DATA).mkdir()
    with Router() as victim:
        hostile = ast.literal_eval(repr(descriptor).replace("{url}", victim.url))
        findings = list(check_datapackage(Content(tmp_path, {}, hostile, False)))
        assert victim.log == []
    (finding,) = findings
    assert finding.file == names.DATAPACKAGE
    assert re.search(r"outside the bundle|does not write|is no object", finding.sentence)


def patterns() -> dict[str, re.Pattern[Any]]:
    """Every constant given to `re` in our code, by file and line; module constants are followed."""
    found = {}
    for package in (connectors, orchestration, expectations):
        for path in sorted(Path(package.__file__).parent.rglob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            constants = {
                node.targets[0].id: node.value
                for node in tree.body
                if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
            }
            for node in ast.walk(tree):
                if not (
                    isinstance(node, ast.Call) and ast.unparse(node.func).startswith("re.") and node.args
                ):
                    continue
                text = node.args[0]
                text = constants.get(text.id, text) if isinstance(text, ast.Name) else text
                if isinstance(text, ast.Constant):
                    flags = re.DOTALL if "DOTALL" in ast.unparse(node) else 0
                    where = f"{path.parent.name}/{path.name}:{node.lineno}"
                    found[where] = re.compile(text.value, flags)
    return found


PATTERNS = patterns()
# Text that makes a careless pattern try again and again, ended so that it cannot match.
SEEDS = [
    *("a", "0", " ", "=", "-", ".", ",", "A", "_", "/", "\\", "x-", "0.", "a ", "0 "),
    *('"', '\\"', '"\\', "[", "{", "(", "<", "<!--", '"error" ', "in 1", "1:", "constant ", "encoding "),
    *("try again in 1 ", "replenished in 1", "\n", "\t", "${", "{{", "--", "é"),
]


@fault("H17")
@pytest.mark.parametrize("where", PATTERNS)
def test_every_pattern_is_linear_in_its_input(where):
    pattern = PATTERNS[where]
    for seed in SEEDS:
        for start in ("", '"', "<?xml "):
            text: Any = start + seed * (WHOLE // len(seed)) + "!\x00"
            text = text.encode() if isinstance(pattern.pattern, bytes) else text
            with at_most(SECONDS):
                pattern.search(text)


@fault("H17")
def test_the_patterns_of_this_program_were_found():
    assert len(PATTERNS) > 20
    assert any("base.py" in where for where in PATTERNS)


@fault("H17")
def test_a_pattern_that_blows_up_would_be_noticed():
    with pytest.raises(TimeoutError), at_most(0.2):
        re.search(r"(a+)+$", "a" * 40 + "!")
    began = time.monotonic()
    with at_most(5):
        pass
    assert time.monotonic() - began < 1
