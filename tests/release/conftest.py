"""A small invented world for the release verbs: two data sets, a few tables, keys made on the spot."""

import json
import shutil
import subprocess
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
import yaml

from connectors import observations
from connectors.assembly import Assembled, assemble
from connectors.records import PartState, Vintage
from connectors.spec import DatasetSpec
from connectors.store import Store
from expectations.builder import suite_sha256
from expectations.hashes import data_hash
from expectations.report import GateReport
from orchestration.release import candidate, check, lock, plan, publish_checks, restore, verify
from orchestration.release.build import collect_build, mark_exported, prepare_build
from orchestration.release.bundle import WrittenBundle
from orchestration.release.candidate import build_candidate
from orchestration.release.check import check_release
from orchestration.release.checksums import write_sums
from orchestration.release.code_identity import CodeIdentity
from orchestration.release.context import ReleaseContext
from orchestration.release.lock import lock_release
from orchestration.release.paths import ReleasePaths
from orchestration.release.plan import plan_release
from orchestration.release.public import calendar
from orchestration.release.signoff import sign_off
from orchestration.release.state import State
from tests.release.invented import export_tables, write_dbt_project

T0 = datetime(2026, 1, 10, 8, 0, tzinfo=UTC)
CLEAN = CodeIdentity(commit="a" * 40, dirty=False)


def spec(dataset: str) -> DatasetSpec:
    return DatasetSpec.model_validate(
        {
            "provider": "unsd",
            "dataset": dataset,
            "title": f"Invented {dataset}",
            "protocol": "unsd_sdg",
            "parts": {"ONE": ["T"], "TWO": ["T"]},
            "negative_values": "keep",
            "licence": {
                "name": "L",
                "url": "https://example.org/l",
                "rows_may_appear": True,
                "reviewed": None,
            },
            "citation": "C",
            "version_marker": "m",
            "freshness": {"expected_every_days": 365, "note": "n"},
            "owner": "owner",
        }
    )


SPECS = (spec("alpha"), spec("beta"))


def observation_rows(value: float) -> list[dict]:
    return [
        {
            "provider": "unsd",
            "dataset": "alpha",
            "series": "ONE",
            "ref_area": "756",
            "time_period": "2020",
            "dimensions": "{}",
            "obs_value": value,
            "obs_value_raw": str(value),
            "obs_bound": None,
            "unit_measure": "T",
            "unit_mult": 0,
            "obs_status": "A",
            "obs_status_raw": "",
            "conf_status": "F",
            "nature": "C",
            "comment_obs": None,
            "snapshot_sha256": "0" * 64,
        }
    ]


def put_object(store: Store, body: bytes) -> tuple[str, int]:
    """The bytes in the store, as a fetch leaves them: (sha256, bytes)."""
    with store.scratch() as folder:
        path = folder / "body"
        path.write_bytes(body)
        return store.adopt(path)


def put_vintage(store: Store, value: float, day: str, sequence: int = 1) -> Vintage:
    """One vintage of unsd/alpha whose part ONE is here and whose part TWO is absent."""
    body = f"bytes {value}".encode()
    sha256, size = put_object(store, body)
    table = observations.to_table(observation_rows(value))
    with store.scratch() as folder:
        assembled = assemble([("ONE", table)], folder, "unsd", "alpha")
        return store.put_vintage(_vintage(store, sequence, day, sha256, size, assembled), assembled.path, [])


def _vintage(store: Store, sequence: int, day: str, sha256: str, size: int, made: Assembled) -> Vintage:
    digest = made.content_sha256
    return Vintage(
        provider="unsd",
        dataset="alpha",
        vintage=f"{day}.{digest[:8]}",
        sequence=sequence,
        producer_date=day,
        content_sha256=digest,
        raw_sha256=sha256,
        observations_sha256="",
        rows=1,
        areas=1,
        first_year=2020,
        last_year=2020,
        parts={
            "ONE": PartState(
                status="fresh",
                sha256=sha256,
                retrieved_at="2026-01-09T00:00:00Z",
                url="https://example.org/x",
                version_marker="m",
                bytes=size,
            ),
            "TWO": PartState(status="absent", reason="not listed"),
        },
        spec_sha256=SPECS[0].spec_sha256,
        licence=SPECS[0].licence,
        citation="C",
        illustrative=store.illustrative,
        quarantined=0,
    )


@dataclass
class Person:
    """Someone with a key of their own."""

    name: str
    role: str
    key: Path

    @property
    def public_key(self) -> str:
        return self.key.with_suffix(".pub").read_text(encoding="utf-8").strip()

    @property
    def principal(self) -> str:
        return f"{self.name.lower()}@example.org"

    def entry(self) -> dict:
        return {
            "name": self.name,
            "role": self.role,
            "principal": self.principal,
            "public_key": self.public_key,
        }


def make_person(folder: Path, name: str, role: str) -> Person:
    key = folder / f"key_{name.lower()}"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(key)], check=True)
    return Person(name, role, key)


@pytest.fixture(scope="session")
def people(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Person]:
    folder = tmp_path_factory.mktemp("keys")
    return {
        "Ana": make_person(folder, "Ana", "statistician"),
        "Boris": make_person(folder, "Boris", "secretariat"),
        "Mallory": make_person(folder, "Mallory", "secretariat"),
    }


@dataclass
class World:
    """A state root, a clock that only the test moves, and the release under test."""

    ctx: ReleaseContext
    store: Store
    now: datetime = T0

    def tick(self, **step: float) -> datetime:
        self.now += timedelta(**(step or {"minutes": 1}))
        return self.now

    def of(self, release_id: str) -> "World":
        return World(replace(self.ctx, paths=self.ctx.paths.of(release_id)), self.store, self.now)

    @property
    def paths(self) -> ReleasePaths:
        return self.ctx.paths

    def plan(self, **fields: object) -> None:
        content = {
            "release": self.ctx.release_id,
            "reference_year": 2026,
            "predecessor": None,
            "date": date(2026, 1, 10),
            "title": {"en": "An invented release", "fr": "Une publication inventée", "ru": "Выпуск"},
            **fields,
        }
        self.paths.decisions_dir.mkdir(parents=True, exist_ok=True)
        self.paths.plan_file.write_text(yaml.safe_dump(content, sort_keys=False))
        plan_release(self.ctx, now=self.tick())

    def lock(self) -> None:
        lock_release(self.ctx, now=self.tick())

    def build(self, value: float = 1.5, status: str = "on track") -> None:
        warehouse = prepare_build(self.ctx)
        export_tables(warehouse / "export", value, status, self.ctx.illustrative)
        mark_exported(self.ctx)
        collect_build(self.ctx, now=self.tick())

    def check(self) -> GateReport:
        return check_release(self.ctx, now=self.tick())

    def candidate(self) -> None:
        build_candidate(self.ctx, now=self.tick())

    def sign(self, person: Person, **other: object) -> None:
        fields = {"role": person.role, "name": person.name, "key": person.key, "now": self.tick(), **other}
        sign_off(self.ctx, **fields)

    def approve_licences(self) -> None:
        approval = {
            "approved": True,
            "by": "Ana",
            "date": "2026-01-02",
            "licence": "L",
            "rows_may_appear": True,
        }
        content = {"datasets": {s.key: approval for s in SPECS}}
        self.paths.decisions_dir.mkdir(parents=True, exist_ok=True)
        (self.paths.decisions_dir / "licences.yaml").write_text(yaml.safe_dump(content))

    def prepare(self, people: dict[str, Person], *, signed: bool = True, **fields: object) -> "World":
        """Everything up to two signatures, with an embargo that has passed an hour later."""
        self.approve_licences()
        self.plan(
            signatories=[people["Ana"].entry(), people["Boris"].entry()],
            embargo={"local": datetime(2026, 1, 12, 10, 0), "zone": "Europe/Zurich"},
            **fields,
        )
        self.lock()
        self.build()
        self.check()
        self.candidate()
        if signed:
            self.sign(people["Ana"])
            self.sign(people["Boris"])
        self.now = datetime(2026, 1, 12, 9, 0, tzinfo=UTC)
        return self

    def state(self) -> State:
        return State(json.loads(self.paths.state_file.read_text())["state"])


class FakeGate:
    """Stands for the gate and the validators, so that a test says what they find."""

    verdict = "green"
    findings: tuple[str, ...] = ()
    written = 0

    def run(self, data: Path, compared: Path | None, decisions: list, **given: object) -> GateReport:
        return GateReport.model_validate(
            {
                "release": given["release_id"],
                "verdict": self.verdict,
                "illustrative": bool(pl.read_parquet(data / "rpt_observation.parquet")["illustrative"].any()),
                "has_predecessor": compared is not None,
                "data_hash": data_hash(data),
                "suite_sha256": suite_sha256(),
                "files": {},
                "compared_files": {},
                "planned_datasets": list(given["planned_datasets"]),
                "as_of": given["as_of"].isoformat(),
                "thresholds": {},
                "level_titles": {},
                "rules": [],
                "decisions": [{"decision": d, "findings": 1, "faults": []} for d in decisions],
            }
        )

    def check_bundle(self, bundle: Path) -> tuple[str, ...]:
        return self.findings

    def write_bundle(
        self, bundle: Path, *, staging: Path, lock: object, gate: GateReport, **rest: object
    ) -> WrittenBundle:
        shutil.copytree(staging / "data", bundle / "data")
        if (staging / "compared").is_dir():
            shutil.copytree(staging / "compared", bundle / "compared")
        (bundle / "lock.json").write_bytes(lock.to_bytes())
        (bundle / "gate.json").write_text(gate.to_json())
        (bundle / "LICENSES.md").write_text("Terms\n")
        for page in ("gate.html", "site/en/home.html", "site/en/index.html"):
            (bundle / page).parent.mkdir(parents=True, exist_ok=True)
            (bundle / page).write_text("<html></html>")
        self.written += 1
        (bundle / "circularity.duckdb").write_text(f"other bytes each time {self.written}")
        return WrittenBundle(write_sums(bundle), self.findings)


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> FakeGate:
    return fake_gate(monkeypatch)


def fake_gate(monkeypatch: pytest.MonkeyPatch) -> FakeGate:
    """Put the fake in the place of the gate and of every validator."""
    fake = FakeGate()
    monkeypatch.setattr(check, "run_gate", fake.run)
    monkeypatch.setattr(check, "render", lambda report: "<html></html>")
    for module in (publish_checks, verify):
        monkeypatch.setattr(module, "check_bundle", fake.check_bundle)
    monkeypatch.setattr(candidate, "write_bundle", fake.write_bundle)
    return fake


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """Real (not illustrative) data, one of two data sets fetched, nothing planned yet."""
    write_dbt_project(tmp_path / "dbt_project")
    world = open_world(tmp_path, monkeypatch)
    put_vintage(world.store, 1.5, "2026-01-01")
    return world


def open_world(folder: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """The invented world in `folder`, whatever it holds already; writes nothing."""
    for module in (plan, lock):
        monkeypatch.setattr(module, "list_datasets", lambda: SPECS)
    monkeypatch.setattr(restore, "get_dataset", lambda key: {s.key: s for s in SPECS}[key])
    monkeypatch.setattr(calendar, "DBT_PROJECT", folder / "dbt_project")
    root = folder / "home" / "real"
    ctx = ReleaseContext(
        paths=ReleasePaths(root, "2026.1"),
        illustrative=False,
        code=CLEAN,
        actor="Ana",
        dbt_project_dir=folder / "dbt_project",
    )
    return World(ctx, Store(root, illustrative=False))


@pytest.fixture
def signed(world: World, gate: FakeGate, people: dict[str, Person]) -> World:
    """The invented release with both signatures, ready to be published."""
    return world.prepare(people)
