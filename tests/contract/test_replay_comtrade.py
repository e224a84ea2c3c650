"""UN Comtrade against the replay server: what it has, a lowered cap, a quota that ends, a new vintage."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from connectors.config import SourceSettings
from connectors.http import Client
from connectors.ingest import IngestResult
from connectors.observations import content_sha256
from connectors.refresh import refresh_dataset
from connectors.registry import get_dataset
from connectors.spec import DatasetSpec
from connectors.store import Store

pytestmark = pytest.mark.replay
SPEC = get_dataset("comtrade/hs_recyclables")
# Wood and paper: the server has dozens of these codes a reporter-year, enough to meet a low cap.
WOOD = ",".join(["3915", *map(str, range(4401, 4422)), *map(str, range(4701, 4706)), "48", "49"])
CANARY = "canary-2b9c-never-to-be-seen"
NOW = datetime(2026, 3, 1, tzinfo=UTC)


class Source:
    """A replay server, an office that asks it, and a clock set by hand."""

    def __init__(self, base: str, home: Path, key: str = CANARY) -> None:
        self.base, self.now = base, NOW
        env = {
            "CIRCULARITY_SOURCE": "live",
            "CIRCULARITY_HOME": str(home),
            "CIRCULARITY_COMTRADE_URL": f"{base}/comtrade",
            "CIRCULARITY_COMTRADE_KEY": key,
        }
        self.settings = SourceSettings.from_env(env)
        self.store = Store(self.settings.root, illustrative=False)

    def refresh(self, spec: DatasetSpec) -> IngestResult:
        with Client(self.settings, sleep=lambda seconds: None, now=lambda: self.now) as client:
            return refresh_dataset(spec, client, self.store, self.now)

    def content(self, spec: DatasetSpec) -> str:
        return content_sha256(
            self.store.read_observations(spec.key, self.store.latest_vintage(spec.key).vintage)
        )

    def control(self, what: str, content: object) -> None:
        body = json.dumps(content).encode()
        urlopen(Request(f"{self.base}/_control/{what}", data=body, method="POST")).close()

    def log(self) -> list[dict[str, object]]:
        """What was asked since the last time."""
        with urlopen(f"{self.base}/_control/log") as answer:
            entries = json.load(answer)
        urlopen(Request(f"{self.base}/_control/log", method="DELETE")).close()
        return entries


def data_calls(entries: list[dict[str, object]]) -> list[str]:
    return [str(entry["query"]) for entry in entries if "/get/" in str(entry["path"])]


def few(**changes: object) -> DatasetSpec:
    """Three late years, so that the tests stay short."""
    return SPEC.model_copy(update={"first_year": 2019, **changes})


@pytest.fixture
def six_reporters(monkeypatch: pytest.MonkeyPatch) -> None:
    """Part of the region, where a test asks for the same several times."""
    region = {"40": "AUT", "56": "BEL", "251": "FRA", "276": "DEU", "380": "ITA", "792": "TUR"}
    monkeypatch.setattr("connectors.protocols.comtrade.region_reporters", lambda: region)


@pytest.fixture
def capped_server() -> Iterator[Callable[[int], str]]:
    running: list[subprocess.Popen[str]] = []

    def start(cap: int) -> str:
        script = Path(os.environ["CIRCULARITY_REPLAY_DIR"]) / "serve.py"
        options = ["--port", "0", "--vintage", "2023-12", "--comtrade-cap", str(cap)]
        process = subprocess.Popen([sys.executable, str(script), *options], stdout=subprocess.PIPE, text=True)
        running.append(process)
        assert process.stdout is not None
        return process.stdout.readline().split()[2]

    yield start
    for process in running:
        process.terminate()
        process.wait(timeout=10)


def test_a_second_refresh_brings_no_data_and_a_new_vintage_only_what_changed(replay_server, tmp_path):
    source, spec = Source(replay_server("2022-07"), tmp_path), few()
    first = source.refresh(spec)
    assert (first.outcome, first.errors) == ("new", {})
    entries = source.log()
    assert len(data_calls(entries)) == len(first.vintage.parts)
    assert {entry["subscription_key"] for entry in entries} == {"header"}
    assert (source.refresh(spec).outcome, data_calls(source.log())) == ("unchanged", [])
    source.control("vintage", {"vintage": "2023-12"})
    second = source.refresh(spec)
    came = {
        f"period={part.rpartition('-')[2]}" for part in set(second.vintage.parts) - set(first.vintage.parts)
    }
    calls = data_calls(source.log())
    assert second.outcome == "new"
    assert len(calls) == len(second.vintage.parts) - len(first.vintage.parts) > 0
    assert all(any(period in call for period in came) for call in calls)


@pytest.mark.usefixtures("six_reporters")
@pytest.mark.parametrize("cap", [20, 5])
def test_totals_are_complete_under_a_lowered_cap(capped_server, replay_server, tmp_path, cap):
    wood = SPEC.query | {"cmdCode": WOOD}
    whole, capped = few(query=wood), few(query=wood, row_cap=cap)
    open_source = Source(replay_server("2023-12"), tmp_path / "open")
    low_source = Source(capped_server(cap), tmp_path / "low")
    results = open_source.refresh(whole), low_source.refresh(capped)
    assert [result.errors for result in results] == [{}, {}]
    assert low_source.content(capped) == open_source.content(whole)
    assert len(data_calls(low_source.log())) > len(data_calls(open_source.log()))


def test_a_quota_that_ends_is_resumed_the_next_day(replay_server, tmp_path):
    source, spec = Source(replay_server("2023-12"), tmp_path), few()
    rule = {"match": "data/v1/get/", "kind": "status", "status": 403, "skip": 30}
    source.control("faults", [rule])
    stopped = source.refresh(spec)
    assert {error.fault for error in stopped.errors.values()} == {"T07"}
    assert any("2026-03-01 03:14:17 UTC" in str(error) for error in stopped.errors.values())
    first_day = source.log()
    assert len(data_calls(first_day)) == 31
    urlopen(Request(f"{source.base}/_control/faults", method="DELETE")).close()
    early = source.refresh(spec)
    assert (source.log(), early.outcome) == ([], "kept")
    source.now += timedelta(days=1)
    resumed = source.refresh(spec)
    assert (resumed.outcome, resumed.errors) == ("new", {})
    brought = {str(entry["query"]) for entry in first_day if entry["status"] == 200}
    asked = data_calls(source.log())
    assert len(asked) == len(resumed.vintage.parts) - 30
    assert brought.isdisjoint(asked)


def test_the_key_is_written_nowhere_and_a_refused_one_is_named(replay_server, tmp_path):
    base = replay_server("2023-12")
    source = Source(base, tmp_path / "good")
    result = source.refresh(few(first_year=2021))
    assert result.outcome == "new"
    refused = Source(base, tmp_path / "bad", key=f"invalid-{CANARY}").refresh(few())
    assert (refused.errors["all"].fault, refused.outcome) == ("T22", "absent")
    told = [*result.warnings, *map(str, refused.errors.values())]
    assert CANARY not in " ".join(told)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files
    assert not any(CANARY.encode() in path.read_bytes() for path in files)


@pytest.mark.usefixtures("six_reporters")
def test_without_a_key_the_preview_brings_the_same(replay_server, tmp_path):
    base, spec = replay_server("2023-12"), few(first_year=2020)
    with_key, without = Source(base, tmp_path / "a"), Source(base, tmp_path / "b", key="")
    assert with_key.refresh(spec).errors == {}
    result = without.refresh(spec)
    assert result.errors == {}
    assert without.content(spec) == with_key.content(spec)
    assert any("came through the preview" in warning for warning in result.warnings)


@pytest.mark.usefixtures("six_reporters")
def test_parts_of_totals_never_reach_the_figures(replay_server, tmp_path):
    source, spec = Source(replay_server("2023-12"), tmp_path), few(first_year=2020)
    source.refresh(spec)
    source.control("faults", [{"match": "comtrade", "kind": "breakdown"}])
    other = Source(source.base, tmp_path / "spoilt")
    assert other.refresh(spec).errors == {}
    assert other.content(spec) == source.content(spec)
