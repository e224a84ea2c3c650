from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from shutil import copytree

import pytest

from connectors.records import PartState
from expectations.report import GateReport
from expectations.runner import run_gate
from expectations.waivers import parse_decision
from orchestration.release.bundle import WrittenBundle, write_bundle
from orchestration.release.code_identity import CodeIdentity
from orchestration.release.lock_model import Lock, LockedDataset, LockedMethod, LockedPredecessor
from orchestration.release.plan_model import Plan, Title
from orchestration.release.predecessor import COMPARED_TABLES
from tests.gates.release_fixture import (
    ABSENT,
    PLANNED,
    RELEASE,
    SCHEMAS,
    SNAPSHOTS,
    VINTAGE,
    clean,
    find,
    write_tables,
)
from tests.gates.test_decisions import document


@dataclass(frozen=True)
class Staged:
    """What `candidate` starts from."""

    staging: Path
    lock: Lock
    gate: GateReport

    def write(self, folder: Path) -> WrittenBundle:
        return write_bundle(folder, staging=self.staging, lock=self.lock, gate=self.gate, schemas=SCHEMAS)


def make_lock() -> Lock:
    datasets = [
        LockedDataset(
            provider=key.split("/")[0],
            dataset=key.split("/")[1],
            title=f"Title of {key}",
            spec_sha256="1" * 64,
            licence="CC BY 4.0",
            licence_url="https://example.org/licence",
            rows_may_appear=True,
            citation=f"Producer of {key}",
            row_cap=None,
            is_absent=key not in SNAPSHOTS,
            absence_reason=None if key in SNAPSHOTS else "Withdrawn by its producer",
            vintage=VINTAGE,
            producer_date="2025-06-01",
            rows=100,
            illustrative=True,
            parts={
                "all": PartState(status="fresh", sha256=SNAPSHOTS.get(key), url="https://example.org/data")
            },
        )
        for key in (*PLANNED, ABSENT)
    ]
    return Lock(
        release=RELEASE,
        reference_year=2025,
        illustrative=True,
        plan=Plan(
            release=RELEASE,
            reference_year=2025,
            predecessor="sample-2025.1",
            date=date(2026, 3, 1),
            title=Title(
                en="Circular economy in the UNECE region",
                fr="Économie circulaire dans la région de la CEE-ONU",
                ru="Циркулярная экономика в регионе ЕЭК ООН",
            ),
            datasets=PLANNED,
            tables=tuple(clean()),
        ),
        datasets=tuple(datasets),
        predecessor=LockedPredecessor(
            release="sample-2025.1", candidate_sha256="5" * 64, data_sha256="6" * 64
        ),
        targets=(),
        method=LockedMethod(version="2026.1", sha256="2" * 64, content="parameter,value\n"),
        code=CodeIdentity(commit="3" * 40, dirty=False),
        environment_sha256="4" * 64,
    )


@pytest.fixture(scope="session")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Staged:
    """A green release with a predecessor: one status changed (accepted), one value revised a little."""
    staging = tmp_path_factory.mktemp("staging")
    before = clean()
    find(before["rpt_progress"], area="DEU").update(status="maintain", colour="green")
    find(before["rpt_observation"], indicator="A02", ref_area="FRA", time_period="2017")["obs_value"] = 18.0
    write_tables(clean(), staging / "data")
    write_tables({name: before[name] for name in COMPARED_TABLES}, staging / "compared")
    gate = run_gate(
        staging / "data",
        staging / "compared",
        [parse_decision(document(reason_code="source_revision"), "g5.yaml")],
        release_id=RELEASE,
        as_of=date(2026, 3, 1),
        planned_datasets=PLANNED,
    )
    assert gate.verdict == "green", gate.reasons()
    return Staged(staging, make_lock(), gate)


@pytest.fixture(scope="session")
def finished(staged: Staged, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished bundle; tests which change it take `copy_of`."""
    folder = tmp_path_factory.mktemp("finished") / "candidate"
    written = staged.write(folder)
    assert [str(finding) for finding in written.findings] == []
    return folder


@pytest.fixture
def copy_of(tmp_path: Path) -> Callable[[Path], Path]:
    return lambda folder: Path(copytree(folder, tmp_path / "copy"))
