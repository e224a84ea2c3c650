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
    assert {gate for gate, fact in facts.items() if fact.severity == "warning"} == {"G5"}
    assert {gate for gate, fact in facts.items() if not fact.waivable} == NOT_WAIVABLE & facts.keys()
