"""Numbers which the gate and the method share are the same numbers."""

import csv
from pathlib import Path

import pytest

from expectations.builder import load_config, load_suites, rule_facts
from expectations.waivers import NOT_WAIVABLE

METHOD_CONFIG = Path(__file__).parents[2] / "dbt_project" / "seeds" / "method_config.csv"
SHARED = (
    "magnitude_release_ratio",
    "magnitude_anchor_ratio",
    "min_countries",
    "min_points",
    "maintain_limit",
    "reverse_limit",
    "decoupling_min_growth",
    "decoupling_min_growth_strict",
)


@pytest.mark.parametrize("name", SHARED)
def test_gate_and_method_agree(name: str) -> None:
    with METHOD_CONFIG.open(encoding="utf-8") as stream:
        method = {row["parameter"]: row["value"] for row in csv.DictReader(stream)}
    assert load_config().values()[name] == float(method[name])


def test_every_threshold_is_used_by_some_rule() -> None:
    queries = " ".join(
        check.query for suite in load_suites() for rule in suite.rules for check in rule.checks
    )
    assert [name for name in load_config().thresholds if f"${name}" not in queries] == []


def test_severities_and_waivability_are_the_methodology_s() -> None:
    facts = rule_facts(load_suites())
    both = {"error", "warning"}
    others = {"G4": both, "G5": {"warning"}, "G8": both, "G10": {"warning"}}
    assert {gate: fact.severities for gate, fact in facts.items()} == {
        f"G{number}": others.get(f"G{number}", {"error"}) for number in range(1, 24)
    }
    assert {gate for gate, fact in facts.items() if not fact.waivable} == NOT_WAIVABLE & facts.keys()


def test_every_gate_stands_at_the_levels_of_the_methodology() -> None:
    """Section 5; none stands at level 5: what publishers give for regions is compared by a test of dbt."""
    found: dict[str, list[int]] = {}
    for suite in load_suites():
        for rule in suite.rules:
            found.setdefault(rule.gate, []).append(suite.level)
    first = {
        0: "G2 G16 G19 G20 G23",
        1: "G3 G4 G6 G7 G8 G9 G15 G18 G21 G22",
        2: "G5 G12 G17",
        3: "G10",
        4: "G11",
    }
    expected = {gate: [level] for level, gates in first.items() for gate in gates.split()}
    assert found == expected | {"G1": [2, 4], "G13": [0, 2], "G14": [1, 2]}


HEAD = "level: {level}\ntitle: {title}\nrules:\n"
WORDS = (
    "  - {{gate: {gate}, title: T, plain: P, why: W, severity: error, waivable: false, owner: o, "
    "checks: [{check}]}}\n"
)
PART = "  - {{gate: {gate}, checks: [{check}]}}\n"
CHECK = (
    "{{id: {id}, asks: A, query: select 1 as k, keys: [k], says: S, "
    "expectations: [{{type: expect_column_x, kwargs: {{}}}}]}}"
)


@pytest.mark.parametrize(
    ("files", "fault"),
    [
        ([(0, "A", PART, "G6", "G6.x")], "the words of G6 stand in no suite"),
        ([(0, "A", WORDS, "G6", "G6.x"), (1, "B", WORDS, "G6", "G6.y")], "declared twice in the suites: G6"),
        ([(0, "A", WORDS, "G6", "G6.x"), (1, "B", PART, "G6", "G6.x")], "declared twice in the suites: G6.x"),
        ([(0, "A", WORDS, "G6", "G6.x"), (0, "B", WORDS, "G7", "G7.x")], "level 0 has several titles: A, B"),
    ],
)
def test_suites_that_contradict_each_other_are_refused(
    tmp_path: Path, files: list[tuple[int, str, str, str, str]], fault: str
) -> None:
    for number, (level, title, form, gate, check) in enumerate(files):
        rule = form.format(gate=gate, check=CHECK.format(id=check))
        (tmp_path / f"level_{number}.yaml").write_text(HEAD.format(level=level, title=title) + rule)
    with pytest.raises(ValueError, match=fault):
        load_suites(tmp_path)
