"""O01-O05: each operation, killed, cut off and starved of disk at every one of its writes."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.kills import FULL, KILL, Operation, try_all
from tests.faults.matrix import fault

ROOT = Path(__file__).resolve().parents[2]
SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - where fsync costs nothing; any disk would do
# One thread each: a child lives for some milliseconds, and does not need a pool.
THREADS = {"POLARS_MAX_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


@pytest.fixture
def scratch(tmp_path: Path) -> Iterator[Path]:
    place = SHARED_MEMORY if os.access(SHARED_MEMORY, os.W_OK) else tmp_path
    with tempfile.TemporaryDirectory(dir=place, ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@pytest.fixture
def stop(scratch: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., dict]:
    def run(how: str, *names: str) -> dict:
        command = [sys.executable, "-m", "tests.faults.kills", how, str(scratch), *names]
        done = subprocess.run(
            command, cwd=ROOT, env={**os.environ, **THREADS}, capture_output=True, text=True, timeout=900
        )
        assert done.returncode == 0, done.stderr[-3000:]
        found = json.loads(done.stdout)
        assert list(found) == list(names)
        with capsys.disabled():
            for name, result in found.items():
                points, torn = result["points"], result["torn"]
                lost = sum(any("lost" in fault for fault in faults) for faults in torn.values())
                said = f"{points} points tried, {len(torn)} torn states, {lost} lost vintages"
                print(f"\n{name}, {how}: {said}")
        for result in found.values():
            assert result["torn"] == {}
        return found

    return run


@fault("O01", "")
@fault("O02", "")
def test_a_refresh_killed_at_every_write(stop: Callable[..., dict]) -> None:
    found = stop(KILL, "fetch", "ingest")
    assert found["fetch"]["points"] > 40 and found["ingest"]["points"] > 15


@fault("O03", "")
def test_lock_and_build_killed_at_every_write(stop: Callable[..., dict]) -> None:
    found = stop(KILL, "lock", "prepare", "collect", "current", "candidate")
    assert all(result["points"] >= 10 for result in found.values())


@fault("O04", "")
def test_signing_and_publishing_killed_at_every_write(stop: Callable[..., dict]) -> None:
    found = stop(KILL, "sign-off", "publish")
    assert found["publish"]["points"] > 60


@fault("O05", "The disk is full: {where} was not written; {n} bytes")
def test_a_disk_that_gets_full_at_any_write(stop: Callable[..., dict]) -> None:
    names = ("fetch", "ingest", "lock", "prepare", "collect", "current", "candidate", "sign-off", "publish")
    for name, result in stop(FULL, *names).items():
        said = [message for message in result["messages"] if message]
        assert said, name
        for message in said:
            assert "The disk is full: " in message and "bytes" in message and "Runbook: O05" in message


# ---- the harness itself: a careless operation must be found out


def _write_carelessly(folder: Path) -> None:
    with (folder / "record.json").open("w") as out:
        out.write('{"value": ')
        out.flush()
        (folder / "other").mkdir(exist_ok=True)
        out.write("2}")


def _write_without_fsync(folder: Path) -> None:
    (folder / ".new").write_text('{"value": 2}')
    (folder / ".new").rename(folder / "record.json")
    (folder / "other").mkdir(exist_ok=True)


def _describe(folder: Path) -> str:
    return (folder / "record.json").read_text()


def _faults(folder: Path, before: Path) -> list[str]:
    text = (folder / "record.json").read_text()
    return [] if text in ('{"value": 1}', '{"value": 2}') else [f"torn: {text}"]


def _prepare(folder: Path) -> None:
    (folder / "record.json").write_text('{"value": 1}')


@pytest.mark.parametrize(
    ("run", "where"),
    [(_write_carelessly, "os.mkdir /other"), (_write_without_fsync, "os.mkdir /other, power cut")],
)
def test_a_careless_writer_is_found_out(run: Callable[[Path], None], where: str, scratch: Path) -> None:
    folder = scratch / "trial"
    found = try_all(Operation(_prepare, run, _describe, _faults), KILL, folder)
    assert any(point.endswith(where) for point in found["torn"]), found
