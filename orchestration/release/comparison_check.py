"""A bundle carries what it was compared with, and its revisions are what that comparison gives.

What belongs here: lock, compared/, gate report and revisions.csv against each other. What does not: whether
compared/ is the real predecessor (predecessor.py, which has it), whether the formats agree (number_check.py).
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from expectations.report import GateReport
from orchestration.release import names
from orchestration.release.findings import Content, Finding
from orchestration.release.lock_model import read_lock
from orchestration.release.revisions import release_revisions
from orchestration.release.schema import REVISIONS
from orchestration.release.tables import write_release_csv

CHECK = "comparison"


def check_comparison(content: Content) -> Iterator[Finding]:
    """A lock with a predecessor, compared/ and the gate's comparison come together; the revisions follow."""
    folder = content.folder
    compared, revisions = folder / names.COMPARED, content.files.revisions
    lock = read_lock(folder / names.LOCK)
    gate = GateReport.from_json((folder / names.GATE).read_text(encoding="utf-8"))
    is_there = any(compared.glob("*.parquet"))
    if is_there != (lock.predecessor is not None):
        held = "tables" if is_there else "no tables"
        yield Finding(CHECK, names.COMPARED, f"holds {held} of a predecessor, unlike lock.json.")
    if gate.has_predecessor != (lock.predecessor is not None):
        did = "compared" if gate.has_predecessor else "did not compare"
        yield Finding(CHECK, names.GATE, f"{did} with a predecessor, unlike lock.json.")
    expected = release_revisions(folder / names.DATA, compared, gate, lock.illustrative)
    with tempfile.TemporaryDirectory() as scratch:
        again = Path(scratch) / "revisions.csv"
        write_release_csv(expected, REVISIONS, again)
        if (folder / revisions).is_file() and again.read_bytes() != (folder / revisions).read_bytes():
            yield Finding(CHECK, revisions, "is not what data/ and compared/ give.")
