"""The fault matrix: every fault has a test that runs everywhere, and the committed table is current."""

from __future__ import annotations

import pytest

from tests.faults import matrix, plugin
from tests.faults.matrix import MATRIX, Found, fault, find_tests, pattern


@pytest.fixture(scope="module")
def found() -> list[Found]:
    return find_tests()


@pytest.mark.parametrize("name", MATRIX)
def test_every_fault_is_injected_by_a_test_that_runs_everywhere(found, name):
    tests = [test for test in found if test.fault == name]
    assert tests, f"no test injects {name}: {MATRIX[name].title}"
    assert [test for test in tests if not test.idle], f"the tests of {name} may be skipped: {tests}"


def test_no_test_of_a_fault_is_skipped(found):
    assert not [test for test in found if test.idle in ("skip", "skipif", "xfail")]


def test_the_matrix_has_every_section_whole():
    sections = {letter: [name for name in MATRIX if name[0] == letter] for letter in matrix.SECTIONS}
    assert {letter: len(names) for letter, names in sections.items()} == {
        "T": 22, "P": 10, "V": 17, "S": 15, "O": 18, "H": 18,
    }  # fmt: skip
    for letter, names in sections.items():
        assert names == [f"{letter}{number:02}" for number in range(1, len(names) + 1)]
    assert {row.verdict for row in MATRIX.values()} == set(matrix.VERDICTS)


def test_the_committed_table_is_current():
    assert matrix.TABLE.read_text(encoding="utf-8") == matrix.render_table(), (
        "docs/faults.md is not current: run `python -m tests.faults.matrix`"
    )


def test_tests_are_found_by_their_marks_also_inside_parameters(tmp_path):
    (tmp_path / "test_x.py").write_text(
        "pytestmark = pytest.mark.replay\n"
        '@fault("T01", "a {n} b")\n'
        '@pytest.mark.parametrize("x", [pytest.param(1, marks=fault("T02"))])\n'
        "def test_a(x): ...\n"
    )
    (tmp_path / "test_y.py").write_text('@pytest.mark.skipif(True)\n@fault("T03")\ndef test_b(): ...\n')
    assert find_tests(tmp_path) == [
        Found("T01", "a {n} b", "test_x.py::test_a", "replay"),
        Found("T02", "", "test_x.py::test_a", "replay"),
        Found("T03", "", "test_y.py::test_b", "skipif"),
    ]


def test_an_unknown_fault_is_no_fault():
    with pytest.raises(ValueError, match="T99"):
        fault("T99")


def test_a_message_core_stands_for_any_number_but_not_for_other_words():
    assert pattern("incomplete, {n} of {m} bytes").search("is incomplete, 5 of 10 bytes came")
    assert not pattern("incomplete, {n} of {m} bytes").search("incomplete, 5 bytes")


def test_the_outcome_of_a_run_names_what_was_not_run():
    table = plugin.render_outcomes({("T01", "a.py::b[x|y]"): "passed"})
    assert "| T01 | A web page with status 200 | R | a.py::b[x\\|y] | passed |" in table
    assert "| T02 | A redirect to another place | F |  | not run |" in table
