"""Decisions: what they cover, and when they themselves keep the gate red."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from connectors.errors import CheckError
from expectations.builder import load_suites, rule_facts
from expectations.report import GateReport
from expectations.runner import run_gate
from expectations.waivers import Decision, RuleFacts, faults_of, parse_decision
from tests.gates.release_fixture import PLANNED, RELEASE, Tables, clean, find, write_tables

AS_OF = date(2026, 3, 1)
RULES = {
    "G3": RuleFacts(frozenset({"error"}), waivable=True),
    "G5": RuleFacts(frozenset({"warning"}), waivable=True, about=("indicator",)),
    "G8": RuleFacts(frozenset({"error", "warning"}), waivable=True),
    "G22": RuleFacts(frozenset({"error"}), waivable=False),
}


def document(**changes: Any) -> dict[str, Any]:
    return {
        "kind": "acceptance",
        "gate": "G5",
        "keys": {"indicator": "A02", "area": "DEU"},
        "release": RELEASE,
        "reason": "The producer revised its survey.",
        "reason_code": "source_revision",
        "evidence": "Producer's note of 1 February 2026",
        "author": "Ann Statistician",
        "approver": "Bo Head",
        "date": date(2026, 2, 1),
        "expires": RELEASE,
        "note": {"en": "Revised by the producer", "fr": "Révisé par le producteur", "ru": "Пересмотрено"},
    } | changes


def decision(**changes: Any) -> Decision:
    return parse_decision(document(**changes), "g5.yaml")


def judge(tmp_path: Path, tables: Tables, *decisions: Decision) -> GateReport:
    """The gate over `tables`, with a predecessor in which Germany's status was better."""
    before = clean()
    find(before["rpt_progress"], area="DEU").update(status="maintain", colour="green")
    return run_gate(
        write_tables(tables, tmp_path / "data"),
        write_tables(before, tmp_path / "compared"),
        decisions,
        release_id=RELEASE,
        as_of=AS_OF,
        planned_datasets=PLANNED,
    )


def verdicts(report: GateReport) -> dict[str, str]:
    return {rule.gate: rule.verdict for rule in report.rules}


def test_a_clean_release_is_green_and_its_report_is_the_same_every_time(
    tmp_path: Path, tables: Tables
) -> None:
    reports = [
        run_gate(
            write_tables(tables, tmp_path / "data"),
            None,
            [],
            release_id=RELEASE,
            as_of=AS_OF,
            planned_datasets=PLANNED,
        ).to_json()
        for _ in range(2)
    ]
    report = GateReport.from_json(reports[0])
    assert reports[0] == reports[1]
    assert report.verdict == "green"
    assert report.illustrative
    assert not report.has_predecessor
    assert list(verdicts(report)) == [f"G{number}" for number in range(1, 24)]
    assert report.level_titles == {
        "0": "Structure",
        "1": "Within the release",
        "2": "Against the preceding release",
        "3": "Between sources",
        "4": "Between domains",
    }
    assert set(verdicts(report).values()) == {"pass"}
    assert all(check.problem is None for rule in report.rules for check in rule.checks)


def test_a_warning_is_red_until_a_named_person_accepts_it(tmp_path: Path, tables: Tables) -> None:
    open_report = judge(tmp_path, tables)
    assert (open_report.verdict, verdicts(open_report)["G5"]) == ("red", "fail")
    assert open_report.reasons() == [
        "G5 Large revisions, changed statuses and changes at the sources are known: 1 open finding."
    ]
    accepted = judge(tmp_path, tables, decision())
    assert (accepted.verdict, verdicts(accepted)["G5"]) == ("green", "accepted")
    assert [(d.decision.file, d.findings) for d in accepted.decisions] == [("g5.yaml", 1)]


def test_a_waiver_covers_an_error_and_only_the_case_it_names(tmp_path: Path, tables: Tables) -> None:
    find(tables["rpt_aggregate"], indicator="A02", time_period="2016", agg_rule="RSUM_MATCHED").update(
        n_denominator=17
    )
    waiver = parse_decision(
        document(kind="waiver", gate="G3", keys={"indicator": "A02", "time_period": 2016}), "g3.yaml"
    )
    other = parse_decision(
        document(kind="waiver", gate="G3", keys={"indicator": "A02", "time_period": 2017}), "other.yaml"
    )
    assert verdicts(judge(tmp_path, tables, decision(), waiver))["G3"] == "waived"
    report = judge(tmp_path, tables, decision(), other)
    assert (report.verdict, verdicts(report)["G3"]) == ("red", "fail")


def test_a_gate_of_both_severities_needs_the_decision_that_fits_each_finding(
    tmp_path: Path, tables: Tables
) -> None:
    """A share of 160 per cent is an error (G8.impossible), and outside its limits, a warning (G8.limits)."""
    for released in (tables, before := clean()):
        cell = find(released["rpt_observation"], indicator="W07", ref_area="DEU", time_period="2016")
        cell.update(obs_value=160.0, numerator=None)
    folders = write_tables(tables, tmp_path / "data"), write_tables(before, tmp_path / "compared")
    about = {"gate": "G8", "keys": {"indicator": "W07"}}
    waiver = parse_decision(document(**about, kind="waiver"), "waiver.yaml")
    acceptance = parse_decision(document(**about), "acceptance.yaml")
    two = parse_decision(document(gate="G10", keys={"indicator": "W06"}), "g10.yaml")

    def verdict(*decisions: Decision) -> tuple[str, str]:
        report = run_gate(*folders, decisions, release_id=RELEASE, as_of=AS_OF, planned_datasets=PLANNED)
        return report.verdict, verdicts(report)["G8"]

    assert verdict(two, waiver) == ("red", "fail")
    assert verdict(two, acceptance) == ("red", "fail")
    assert verdict(two, waiver, acceptance) == ("green", "waived")


def test_a_planned_part_that_never_came_needs_a_waiver(tmp_path: Path, tables: Tables) -> None:
    find(tables["rpt_dataset"], dataset="sdg_12_2").update(missing_parts="EN_MAT_DOMCMPC")
    report = judge(tmp_path, tables, decision())
    assert (report.verdict, verdicts(report)["G19"]) == ("red", "fail")
    keys = {"provider": "unsd", "dataset": "sdg_12_2"}
    waiver = parse_decision(document(kind="waiver", gate="G19", keys=keys), "g19.yaml")
    report = judge(tmp_path, tables, decision(), waiver)
    assert (report.verdict, verdicts(report)["G19"]) == ("green", "waived")


def test_every_rule_that_may_be_waived_says_what_a_case_of_it_is() -> None:
    rules = rule_facts(load_suites())
    assert {gate for gate, rule in rules.items() if rule.waivable and not rule.about} == set()
    assert rules["G19"].about == ("dataset", "indicator")


def test_a_decision_about_nothing_keeps_the_gate_red(tmp_path: Path, tables: Tables) -> None:
    stale = parse_decision(document(keys={"indicator": "A02", "area": "FRA"}), "stale.yaml")
    report = judge(tmp_path, tables, decision(), stale)
    assert report.verdict == "red"
    assert report.failed() == []
    assert report.reasons() == [
        "Decision stale.yaml does not count: nothing it speaks of is found any more, "
        "so it has to be withdrawn."
    ]


def test_a_missing_table_is_never_a_pass(tmp_path: Path, tables: Tables) -> None:
    del tables["rpt_magnitude"]
    report = judge(tmp_path, tables, decision())
    problems = {c.id: c.problem or "" for rule in report.rules for c in rule.checks if c.problem}
    assert (report.verdict, list(problems)) == ("red", ["G1.listed", "G1.release"])
    assert all("rpt_magnitude" in problem for problem in problems.values())
    assert report.reasons() == [
        "G1 No figure is out by an order of magnitude: 2 of its checks could not be done."
    ]


def test_an_empty_folder_cannot_be_judged(tmp_path: Path) -> None:
    with pytest.raises(CheckError, match="no release tables"):
        run_gate(tmp_path, None, [], release_id=RELEASE, as_of=AS_OF, planned_datasets=())


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"approver": " ann  STATISTICIAN"}, "same person"),
        ({"release": "2025.1"}, "made for release 2025.1"),
        ({"gate": "G22", "kind": "waiver"}, "cannot be set aside"),
        ({"gate": "G99"}, "not a rule of this gate"),
        ({"gate": "G3"}, "needs a waiver"),
        ({"kind": "waiver"}, "needs an acceptance"),
        ({"gate": "G7", "kind": "waiver"}, "not a rule of this gate"),
        ({"keys": {}}, "names no keys"),
        ({"reason_code": None}, "has no reason_code, which is one of source_revision, method_change"),
        ({"keys": {"area": "DEU"}}, "its keys name no indicator"),
        ({"expires": "2025.1"}, "expires with release 2025.1"),
        ({"expires": "2026-02-28"}, "expired on 2026-02-28"),
        ({"expires": "2027-02-03"}, "longer than one release"),
    ],
)
def test_a_decision_which_does_not_count_says_why(changes: dict[str, Any], fault: str) -> None:
    (found,) = faults_of(decision(**changes), release_id=RELEASE, as_of=AS_OF, rules=RULES)
    assert fault in found


@pytest.mark.parametrize("kind", ["waiver", "acceptance"])
def test_a_gate_of_both_severities_takes_both_kinds(kind: str) -> None:
    assert faults_of(decision(gate="G8", kind=kind), release_id=RELEASE, as_of=AS_OF, rules=RULES) == []


def test_only_a_decision_on_revisions_needs_a_reason_code() -> None:
    other = decision(gate="G8", reason_code=None)
    assert faults_of(other, release_id=RELEASE, as_of=AS_OF, rules=RULES) == []


def test_a_reason_code_nobody_knows_is_not_read() -> None:
    with pytest.raises(CheckError, match=r"g5\.yaml .*reason_code: .*is none of source_revision"):
        decision(gate="G8", reason_code="source_revison")


def test_every_gate_that_nobody_may_set_aside_refuses_a_waiver() -> None:
    """Methodology, section 5."""
    rules = rule_facts(load_suites())
    refused = {
        gate
        for gate in rules
        if any(
            "cannot be set aside" in fault
            for fault in faults_of(
                decision(gate=gate, kind="waiver"), release_id=RELEASE, as_of=AS_OF, rules=rules
            )
        )
    }
    assert refused == {"G6", "G7", "G9", "G18", "G21", "G22", "G23"}


@pytest.mark.parametrize("expires", [RELEASE, "2026-03-01", "2027-02-02"])
def test_a_decision_in_its_time_counts(expires: str) -> None:
    assert faults_of(decision(expires=expires), release_id=RELEASE, as_of=AS_OF, rules=RULES) == []


@pytest.mark.parametrize(
    "field", ["kind", "gate", "reason", "evidence", "author", "approver", "date", "expires", "note"]
)
def test_a_decision_with_a_field_missing_is_refused(field: str) -> None:
    incomplete = {key: value for key, value in document().items() if key != field}
    with pytest.raises(CheckError, match=rf"g5\.yaml.*{field}"):
        parse_decision(incomplete, "g5.yaml")


def test_the_note_is_needed_in_three_languages() -> None:
    with pytest.raises(CheckError, match=r"note\.ru"):
        parse_decision(document(note={"en": "x", "fr": "x"}), "g5.yaml")
