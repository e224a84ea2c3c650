"""A gate report that is red: a rule accepted, one failed, hostile text, a decision about nothing.

What belongs here: making it. What does not: what a page says about it (test_gate_page.py, tests/browser).
"""

from datetime import date
from pathlib import Path

from expectations.report import GateReport
from expectations.runner import run_gate
from expectations.waivers import parse_decision
from tests.gates.release_fixture import PLANNED, RELEASE, clean, find, write_tables
from tests.gates.test_decisions import document


def make_red_report(folder: Path) -> GateReport:
    """Red: a status accepted, a mismatch open, a hostile label, a decision about nothing."""
    tables, before = clean(), clean()
    find(before["rpt_progress"], area="DEU").update(status="maintain", colour="green")
    find(tables["rpt_aggregate"], time_period="2016", agg_rule="RSUM_MATCHED", indicator="A02").update(
        n_countries=1
    )
    tables["rpt_target"][0].update(area="<img src=x onerror=alert(1)>")
    stale = parse_decision(document(keys={"indicator": "A02", "area": "FRA"}), "stale.yaml")
    return run_gate(
        write_tables(tables, folder / "data"),
        write_tables(before, folder / "compared"),
        [parse_decision(document(), "g5.yaml"), stale],
        release_id=RELEASE,
        as_of=date(2026, 3, 1),
        planned_datasets=PLANNED,
    )
