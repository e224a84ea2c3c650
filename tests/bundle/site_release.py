"""The invented release of the pages, staged as a release that becomes a bundle with a site.

What belongs here: the tables of tests/site as release Parquet, and the lock and the gate report they need.
What does not: what the pages say about them (tests/site), a green gate, which these tables do not earn.
"""

from pathlib import Path

from expectations.runner import run_gate
from orchestration.release.tables import release_metadata, write_table
from tests.bundle.conftest import Staged, make_lock
from tests.gates.release_fixture import PLANNED, RELEASE, SCHEMAS
from tests.site import world


def stage_site(folder: Path) -> Staged:
    """Four countries and five indicators, without a predecessor, staged in `folder`."""
    tables = {name: table for name, table in world.tables().items() if name != "revisions"}
    tables["rpt_status_change"] = tables["rpt_status_change"].slice(0, 0)  # compared with no release
    metadata = release_metadata(RELEASE, "CC BY 4.0", illustrative=True)
    for name, table in tables.items():
        write_table(table, SCHEMAS[name], folder / "data" / f"{name}.parquet", metadata)
    lock = make_lock()
    fields = {
        "tables": tuple(tables),
        "predecessor": None,
        "address": "https://example.org/circularity",
        "maps": "illustrative",
    }
    plan = lock.plan.model_copy(update=fields)
    gate = run_gate(folder / "data", None, [], release_id=RELEASE, as_of=plan.date, planned_datasets=PLANNED)
    return Staged(folder, lock.model_copy(update={"plan": plan, "predecessor": None}), gate)
