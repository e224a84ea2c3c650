"""dbt's log in plain words, and observations made anew from stored bytes."""

import json
from pathlib import Path

import polars as pl
import pytest

from connectors import observations
from connectors.errors import StoreError
from connectors.protocols import PROTOCOLS
from connectors.protocols.base import Parsed
from orchestration.release.build import prepare_build
from orchestration.release.dbt_run import Progress, dbt_environment
from orchestration.release.lock import lock_release
from tests.release.conftest import World, observation_rows


def event(name: str, **data: object) -> str:
    return json.dumps({"info": {"name": name, "level": "info"}, "data": data})


def node(kind: str, name: str) -> dict:
    return {"resource_type": kind, "node_name": name}


def test_progress_speaks_at_each_tenth_only() -> None:
    progress = Progress()
    lines = [
        event("LogModelResult", status="OK", total=40, node_info=node("model", f"m{n}")) for n in range(40)
    ]
    said = [s for s in (progress.read(line) for line in lines) if s]
    assert len(said) == 10
    assert said[0] == "dbt: 4 of 40 done, last table m3"


def test_a_failed_test_is_named_with_its_rows() -> None:
    progress = Progress()
    failed = event(
        "LogTestResult",
        status="fail",
        total=2,
        num_failures=3,
        node_info={**node("test", "unmapped_areas"), "node_status": "fail"},
    )
    assert progress.read(failed) == "dbt: test unmapped_areas (3 rows) failed"
    text = progress.describe_failure(Path("dbt.log"))
    assert "test unmapped_areas (3 rows) failed" in text and "build again" in text


def test_lines_that_are_no_events_are_passed_over() -> None:
    assert Progress().read("Traceback") is None
    assert Progress().read("[1, 2]") is None


def test_dbt_gets_no_proxy_and_no_telemetry(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy")
    environment = dbt_environment(tmp_path)
    assert "HTTPS_PROXY" not in environment
    assert environment["DBT_SEND_ANONYMOUS_USAGE_STATS"] == "false"
    assert environment["CIRCULARITY_WAREHOUSE"] == str(tmp_path)


class Parser:
    """A protocol whose one part has one row; `value` is what the bytes are said to hold."""

    value = 1.5

    def parse(self, body: bytes, spec: object, part: str, sha256: str) -> object:
        table = observations.to_table(observation_rows(self.value))
        return Parsed(table, [], ())

    def producer_date(self, version_marker: str) -> str:
        return version_marker


def _lose_observations(world: World) -> None:
    world.plan()
    world.lock()
    kept = world.paths.lock_file.with_name("kept.json")
    kept.write_bytes(world.paths.lock_file.read_bytes())
    vintage = world.store.latest_vintage("unsd/alpha")
    world.store.observations_path("unsd/alpha", vintage.vintage).unlink()
    lock_release(world.ctx, now=world.tick(), from_lock=kept)


def test_a_lost_observation_file_is_made_anew_from_its_bytes(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PROTOCOLS, "unsd_sdg", Parser())
    _lose_observations(world)
    given = pl.read_parquet(prepare_build(world.ctx) / "input" / "obs" / "unsd" / "alpha.parquet")
    assert given["obs_value"].to_list() == [1.5]


def test_bytes_that_now_read_otherwise_are_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    parser = Parser()
    parser.value = 1.6
    monkeypatch.setitem(PROTOCOLS, "unsd_sdg", parser)
    _lose_observations(world)
    with pytest.raises(StoreError, match="give other rows than the lock pins"):
        prepare_build(world.ctx)
