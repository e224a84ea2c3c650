"""The mutation table: each check is broken once, and exactly the checks that should see it do.

build/gates.md is written from what these tests find (plugin.py).
"""

from collections.abc import Callable

import pytest

from expectations.builder import load_suites
from tests.gates.defects import LEVEL_0, Defect
from tests.gates.defects_compared import AGAINST_LAST, BETWEEN
from tests.gates.defects_edges import EDGES
from tests.gates.defects_within import PROGRESS, REGIONS, VALUES
from tests.gates.judge import Judge, checks

DEFECTS = [*LEVEL_0, *VALUES, *REGIONS, *PROGRESS, *EDGES, *AGAINST_LAST, *BETWEEN]
ALL_GATES = {f"G{number}" for number in range(1, 24)}


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Judge:
    return Judge(tmp_path_factory.mktemp("judge"))


def test_the_sound_release_passes_every_check(judge: Judge) -> None:
    assert [check.id for check in judge.sound.values() if check.failing or check.problem] == []


def test_every_check_of_every_gate_has_one_defect() -> None:
    assert sorted(defect.check for defect in DEFECTS) == sorted(check.id for check in checks())
    assert {rule.gate for suite in load_suites() for rule in suite.rules} == ALL_GATES


@pytest.mark.parametrize("defect", DEFECTS, ids=[defect.check for defect in DEFECTS])
def test_a_defect_is_seen_by_its_check_and_by_no_other(
    judge: Judge, defect: Defect, record_property: Callable[[str, object], None]
) -> None:
    record_property("gate_defect", defect.check)
    findings = judge.findings(defect)
    assert findings.keys() == {defect.check} | defect.also
    assert not [result.problem for result in findings.values() if result.problem]
    found = findings[defect.check]
    record_property(
        "gate",
        {
            "check": found.id,
            "level": found.level,
            "severity": found.severity,
            "defect": defect.words,
            "also": sorted(defect.also),
            "says": found.examples[0].says,
        },
    )
