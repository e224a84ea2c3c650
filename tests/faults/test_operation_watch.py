"""O12 to O18: what doctor, the schedule and the start of the service notice."""

import json
import os
import subprocess
import sys
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path

import pytest

from connectors.errors import CircularityError
from connectors.records import FetchRecord
from connectors.registry import get_dataset
from connectors.store import Store
from orchestration import environment, ui
from orchestration.doctor import examine, exit_code_of
from orchestration.freshness import judge_freshness
from orchestration.workplace import Workplace
from tests.faults.matrix import Found, fault
from tests.faults.operation_scene import KEY, NOW, ROOT, said
from tests.release.conftest import put_object, put_vintage


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
