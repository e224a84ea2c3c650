"""O06-O18: locks, clocks, folders, packages and schedules that go wrong, and what a person reads then."""

import json
import os
import shutil
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path

import duckdb
import polars as pl
import pytest
import yaml

from connectors.config import SourceSettings
from connectors.disk import require_space, require_writable
from connectors.errors import CheckError, CircularityError, StoreError
from connectors.inspection import inspect_store
from connectors.locks import process_start, this_process
from connectors.records import FetchRecord
from connectors.refresh import fetch_dataset
from connectors.registry import get_dataset
from connectors.store import Store
from orchestration import environment, ui
from orchestration.cli_refresh import describe_asked
from orchestration.doctor import examine, exit_code_of
from orchestration.freshness import judge_freshness
from orchestration.release.build import build_release, collect_build, hold_warehouse, prepare_build
from orchestration.release.dbt_run import run_dbt
from orchestration.release.process_lock import hold_lock
from orchestration.settings import DBT_PROJECT_DIR
from orchestration.workplace import Workplace
from tests.faults.matrix import Found, fault, pattern
from tests.release.conftest import World, fake_gate, open_world, put_object, put_vintage
from tests.release.invented import TABLES, write_dbt_project

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 3, 1, 6, 0, tzinfo=UTC)
KEY = "world_bank/sp_pop_totl"


def said(error: object, row: Found) -> None:
    """The message is the one the table promises."""
    assert pattern(row.says).search(str(error)), f"{error!s} does not say {row.says!r}"


def other_process(code: str, *arguments: object) -> subprocess.Popen[str]:
    """Another process of this host that says 'ready' and then waits to be killed."""
    command = [sys.executable, "-c", code + "\nprint('ready', flush=True)\ninput()", *map(str, arguments)]
    process = subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ}
    )
    assert process.stdout is not None and process.stdout.readline() == "ready\n"
    return process


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "real", illustrative=False)


@pytest.fixture
def place(tmp_path: Path) -> Workplace:
    return Workplace(SourceSettings.from_env({"CIRCULARITY_HOME": str(tmp_path)}), now=NOW)


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """The invented world with a dbt project that dbt can run."""
    write_dbt_project(tmp_path / "dbt_project")
    _make_runnable(tmp_path / "dbt_project")
    fake_gate(monkeypatch)
    made = open_world(tmp_path, monkeypatch)
    put_vintage(made.store, 1.5, "2026-01-01")
    made.plan()
    made.lock()
    return made


def _make_runnable(project: Path) -> None:
    """Three models of one row each, exported by the real project's own macro."""
    values = {"varchar": "'x'", "double": "1.0", "boolean": "false"}
    for name, (_, columns) in TABLES.items():
        cells = ", ".join(
            f"cast({values[c['data_type']]} as {c['data_type']}) as {c['name']}" for c in columns
        )
        (project / "models" / "release" / f"{name}.sql").write_text(f"select {cells}\n")
    (project / "macros").mkdir()
    shutil.copy(DBT_PROJECT_DIR / "macros" / "export_tables.sql", project / "macros")
    shutil.copy(DBT_PROJECT_DIR / "profiles.yml", project)
    real = yaml.safe_load((DBT_PROJECT_DIR / "dbt_project.yml").read_text())
    kept = {
        name: real[name] for name in ("name", "version", "config-version", "profile", "flags", "on-run-end")
    }
    (project / "dbt_project.yml").write_text(yaml.safe_dump(kept))


# ---- O01, O03: what a killed process leaves, told to people


@fault("O01", "resumed at part {n}")
def test_a_fetch_goes_on_where_a_killed_one_stopped(
    row: Found, place: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec, store, real = get_dataset("unsd/sdg_12_c"), place.store(), Store.put_fetched

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with place.client() as client:
        monkeypatch.setattr(Store, "put_fetched", killed)
        with pytest.raises(KeyboardInterrupt):
            fetch_dataset(spec, client, store, NOW)
        monkeypatch.setattr(Store, "put_fetched", real)
        result = fetch_dataset(spec, client, store, NOW)
        assert result.manifests == {} and set(result.unchanged) == set(spec.parts)
        said(describe_asked(result), row)
        assert fetch_dataset(spec, client, store, NOW).resumed == 0


BUILD = """
import sys
from pathlib import Path
import pytest
from orchestration.release.build import build_release
from tests.release.conftest import fake_gate, open_world
patch = pytest.MonkeyPatch()
fake_gate(patch)
world = open_world(Path(sys.argv[1]), patch)
build_release(world.ctx, now=world.tick(hours=2), say=lambda line: print(line, flush=True))
"""


@fault("O03", "is incomplete: dbt did not finish")
def test_a_build_killed_inside_dbt_is_refused_and_made_again(
    row: Found, world: World, tmp_path: Path
) -> None:
    before = {p.name: p.read_bytes() for p in world.store.root.glob("observations/*/*/*")}
    for moment in ("dbt: 1 of", "dbt: 3 of"):
        process = subprocess.Popen(
            [sys.executable, "-c", BUILD, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        assert any(line.startswith(moment) for line in process.stdout)
        process.kill()
        process.wait()
        with pytest.raises(CheckError) as caught:
            collect_build(world.ctx, now=world.tick(hours=3))
        said(caught.value, row)
        assert not world.paths.staging_dir.exists() and not world.paths.current_dir.exists()
    build_release(world.ctx, now=world.tick(hours=4), say=lambda _: None)
    assert {p.stem for p in (world.paths.staging_dir / "data").iterdir()} == set(TABLES)
    assert {p.name: p.read_bytes() for p in world.store.root.glob("observations/*/*/*")} == before


@fault("O13", "is incomplete: dbt did not finish, or its exports changed")
def test_a_half_written_export_is_not_collected(row: Found, world: World) -> None:
    build_release(world.ctx, now=world.tick(), say=lambda _: None)
    export = world.paths.warehouse_dir / "export" / "rpt_target.parquet"
    os.truncate(export, export.stat().st_size // 2)
    with pytest.raises(CheckError) as caught:
        collect_build(world.ctx, now=world.tick())
    said(caught.value, row)


@fault("O13", "are missing or changed on disk")
def test_a_half_written_observation_file_is_named(row: Found, store: Store) -> None:
    vintage = put_vintage(store, 1.5, "2026-01-01")
    path = store.observations_path("unsd/alpha", vintage.vintage)
    os.truncate(path, path.stat().st_size // 2)
    with pytest.raises(StoreError) as caught:
        store.read_observations("unsd/alpha", vintage.vintage)
    said(caught.value, row)
    assert [f.area for f in inspect_store(store) if f.severity == "fault"] == ["store"]


# ---- O05, O11: the disk


@fault("O05", "has {free} bytes free and a refresh of {key} needs about {n}")
def test_space_is_asked_for_before_anything_is_written(
    row: Found, place: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = get_dataset(KEY)
    with place.client() as client:
        fetch_dataset(spec, client, place.store(), NOW)
        before = _files(place.root)
        monkeypatch.setattr("shutil.disk_usage", lambda path: type("Usage", (), {"free": 1000}))
        with pytest.raises(StoreError) as caught:
            fetch_dataset(spec, client, place.store(), NOW)
    said(caught.value, row)
    assert caught.value.exit_code == 5 and _files(place.root) == before


def test_space_that_is_there_is_no_fault(tmp_path: Path) -> None:
    require_space(tmp_path, 1, "nothing")


@fault(
    "O11", "The folder of {role}, {path}, may not be written by user {n} (rights {r}, owner {o}; Read-only"
)
@pytest.mark.parametrize("name", ["objects", "snapshots", "observations"])
def test_a_folder_that_may_not_be_written_is_named_before_anything_is_asked(
    row: Found, place: Workplace, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    touch = Path.touch

    def read_only(path: Path, *rest: object, **named: object) -> None:
        if f"/{name}" in str(path):
            raise OSError(30, os.strerror(30), str(path))
        touch(path)

    monkeypatch.setattr(Path, "touch", read_only)
    with place.client() as client:
        monkeypatch.setattr(client, "fetch", None)  # to be asked would be a fault of another kind
        with pytest.raises(StoreError) as caught:
            fetch_dataset(get_dataset(KEY), client, place.store(), NOW)
    said(caught.value, row)
    assert caught.value.exit_code == 5 and name in str(caught.value)


def test_a_folder_that_may_be_written_holds_nothing_afterwards(tmp_path: Path) -> None:
    require_writable(tmp_path, "tests")
    assert list(tmp_path.iterdir()) == []


def _files(root: Path) -> list[str]:
    return sorted(str(p) for p in root.rglob("*") if p.is_file())


# ---- O06, O07, O08: somebody else


HOLD = """
import sys
from pathlib import Path
from connectors.store import Store
held = Store(Path(sys.argv[1]), False).locked(sys.argv[2])
held.__enter__()
"""


@fault("O06", "has been refreshing world_bank/sp_pop_totl since {time} ({age} min). Nothing was done")
def test_a_second_refresh_is_told_who_runs_and_since_when(row: Found, store: Store) -> None:
    process = other_process(HOLD, store.root, KEY)
    try:
        with pytest.raises(StoreError) as caught, store.locked(KEY):
            pass
    finally:
        process.kill()
        process.wait()
    said(caught.value, row)
    assert f"process {process.pid} on " in str(caught.value) and caught.value.exit_code == 5


@fault("O06", "has been building release 2026.1 since {time}")
def test_a_second_build_is_told_who_builds(row: Found, world: World) -> None:
    owner = this_process("building release 2026.1", world.now, "Boris")
    parent = owner.model_copy(update={"pid": 1, "process_start": _start_of(1)})
    world.paths.warehouse_lock_file.write_text(parent.model_dump_json())
    with pytest.raises(StoreError) as caught:
        build_release(world.ctx, now=world.tick(hours=26), say=lambda _: None)
    said(caught.value, row)
    assert "Boris (process 1 on " in str(caught.value) and "(1 d 2 h)" in str(caught.value)


def _start_of(pid: int) -> str:
    return process_start(pid) or ""


@fault("O08", "")
def test_the_system_frees_the_lock_of_a_killed_refresh(store: Store) -> None:
    process = other_process(HOLD, store.root, KEY)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert str(process.pid) in store.lock_path(KEY).read_text()
    with store.locked(KEY):
        assert f'"pid":{os.getpid()}' in store.lock_path(KEY).read_text()


@fault("O08", "The lock of {who} (process {n}, which has ended) was taken over.")
def test_the_lock_of_a_killed_build_is_taken_over_and_that_is_noted(row: Found, world: World) -> None:
    process = other_process("")
    owner = this_process("building release 2026.1", world.now, "Boris")
    dead = owner.model_copy(update={"pid": process.pid, "process_start": _start_of(process.pid)})
    world.paths.warehouse_lock_file.write_text(dead.model_dump_json())
    with pytest.raises(StoreError, match="Boris"), hold_warehouse(world.ctx, world.now):
        pass
    process.kill()
    process.wait()
    with hold_lock(world.paths.warehouse_lock_file, "Ana", world.now) as note:
        said(note, row)


@fault("O07", "is open in process {n}; only one process may open it")
def test_a_warehouse_that_is_open_elsewhere_names_the_process(row: Found, world: World) -> None:
    warehouse = prepare_build(world.ctx)
    code = "import duckdb, sys\nheld = duckdb.connect(sys.argv[1])"
    process = other_process(code, warehouse / "circularity.duckdb")
    try:
        with pytest.raises(duckdb.IOException, match="lock"):
            duckdb.connect(str(warehouse / "circularity.duckdb"), read_only=True)
        with pytest.raises(StoreError) as caught:
            list(run_dbt(world.ctx.dbt_project_dir, warehouse))
    finally:
        process.kill()
        process.wait()
    said(caught.value, row)
    assert f"process {process.pid};" in str(caught.value) and caught.value.exit_code == 5


# ---- O12: a store that is damaged


@fault("O12", "The object {sha} no longer has the bytes it was stored with.")
def test_doctor_rehashes_every_object_and_names_what_is_damaged(
    row: Found, place: Workplace, capsys: pytest.CaptureFixture[str]
) -> None:
    place.fetch(get_dataset(KEY))
    vintage = place.ingest(get_dataset(KEY)).vintage
    assert vintage is not None
    assert exit_code_of(examine(place)) == 0
    sha256 = str(vintage.parts["all"].sha256)
    path = place.store().object_path(sha256)
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    faults = [finding for finding in examine(place) if finding.severity == "fault"]
    assert exit_code_of(faults) == 5 and sha256 in faults[0].what
    said(faults[0].what, row)
    path.unlink()
    named = " ".join(finding.what for finding in examine(place) if finding.severity == "fault")
    assert f"The object {sha256} is missing; the manifest" in named and f"the last fetch of {KEY}" in named


def test_doctor_lists_what_killed_processes_left(place: Workplace) -> None:
    store = place.store()
    put_object(store, b"nobody names this")
    (store.root / "objects" / "tmp" / "tmpx").mkdir(parents=True)
    put_vintage(Store(store.root, True), 1.5, "2026-01-01")
    (store.root / "observations" / "unsd" / "alpha" / "2027.parquet").write_bytes(b"half")
    (store.root / ".warehouse.old-77").mkdir()
    notes = [f"{f.what} {f.next_step}" for f in examine(place) if f.area == "orphans"]
    assert any("2 objects no manifest names" in note for note in notes)  # put_vintage writes no manifest
    assert any("1 observation files without a record" in note for note in notes)
    assert any("1 temporary files" in note for note in notes)
    assert any(".warehouse.old-77 was left half-made" in note for note in notes)


def test_doctor_as_a_command_gives_every_finding_and_its_code(tmp_path: Path) -> None:
    command = [str(Path(sys.executable).parent / "circularity"), "doctor", "--json"]
    done = subprocess.run(
        command, env={**os.environ, "CIRCULARITY_HOME": str(tmp_path)}, capture_output=True, text=True
    )
    report = json.loads(done.stdout)
    assert done.returncode == report["exit_code"] == 0, done.stdout
    assert {"rights", "disk", "store", "settings", "packages"} <= {f["area"] for f in report["findings"]}


# ---- O15, O17, O18: schedule, packages, address


def _fetched(at: str, **errors: dict) -> FetchRecord:
    return FetchRecord(dataset=KEY, at=at, question_sha256="0" * 64, parts={}, errors=errors)


@fault("O15", "was last asked with success {n} days ago")
def test_a_silent_schedule_is_late_first_and_then_silent(row: Found) -> None:
    spec = get_dataset(KEY)
    due = timedelta(days=spec.freshness.expected_every_days)
    record = _fetched("2026-03-01T06:00:00Z")
    verdicts = {
        days: judge_freshness(spec, record, None, NOW + days).verdict
        for days in (due, due + timedelta(days=1), 2 * due, 2 * due + timedelta(days=1))
    }
    assert list(verdicts.values()) == ["fresh", "late", "late", "silent"]
    said(judge_freshness(spec, record, None, NOW + 3 * due).describe(spec), row)


def test_a_fetch_that_failed_is_no_verification(place: Workplace) -> None:
    spec = get_dataset(KEY)
    place.fetch(spec)
    vintage = place.ingest(spec).vintage
    came = datetime.fromisoformat(str(vintage and vintage.parts["all"].retrieved_at))
    later = came + timedelta(days=10)
    failed = _fetched(later.strftime("%Y-%m-%dT%H:%M:%SZ"), all={})
    assert judge_freshness(spec, failed, vintage, later).days == 10
    assert judge_freshness(spec, failed, None, later).verdict == "silent"
    assert judge_freshness(spec, None, vintage, later).verdict == "silent"


@fault("O17", "The installed packages are not those of requirements.lock: polars is {found}, locked is 0.0.1")
def test_another_version_than_the_locked_one_stops_the_start(
    row: Found, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text(
        f"duckdb=={version('duckdb')} \\\n    --hash=sha256:00\npolars==0.0.1 \\\n    --hash=sha256:11\n"
        "not-there==1.0 ; python_full_version < '3.0' \\\n    --hash=sha256:22\n"
    )
    changed = environment.find_changed_packages(lock)
    assert changed == [f"polars is {version('polars')}, locked is 0.0.1"]
    monkeypatch.setattr(environment, "find_changed_packages", lambda: changed)
    with pytest.raises(CircularityError) as caught:
        environment.require_locked_packages()
    said(caught.value, row)


def test_what_is_installed_here_is_what_is_locked() -> None:
    assert environment.find_changed_packages() == []


@fault("O18", "")
def test_the_web_server_listens_on_this_machine_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[list[str]] = []
    monkeypatch.setattr("sys.argv", ["ui", "--port", "3999"])
    monkeypatch.setenv("CIRCULARITY_HOME", str(tmp_path))
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    monkeypatch.setattr(os, "execv", lambda path, arguments: started.append(arguments))
    ui.main()
    (arguments,) = started
    assert arguments[arguments.index("-h") + 1] == "127.0.0.1"
    assert tuple(map(int, version("dagster").split(".")[:3])) >= (1, 13, 1)


@fault("O18", "")
def test_no_partition_is_made_at_run_time() -> None:
    """GHSA-mjw2-v2hm-wj34 came through the keys of dynamic partitions."""
    files = (ROOT / "orchestration").rglob("*.py")
    assert not [path for path in files if "DynamicPartitions" in path.read_text(encoding="utf-8")]


def test_a_clean_warehouse_is_read_as_files(world: World) -> None:
    """Readers use Parquet: the current tables can be read while somebody has the database open."""
    build_release(world.ctx, now=world.tick(), say=lambda _: None)
    with duckdb.connect(str(world.paths.warehouse_dir / "circularity.duckdb")):
        table = pl.read_parquet(world.paths.warehouse_dir / "export" / "rpt_target.parquet")
    assert table.height == 1
