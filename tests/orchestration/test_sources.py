"""A source that fails: what Dagster shows, what stands, and that the others go on."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
import pytest

from connectors.config import SourceSettings
from connectors.errors import SourceError
from connectors.records import FetchRecord, utc_text
from connectors.refresh import FetchResult
from connectors.registry import get_dataset
from connectors.spec import DatasetSpec
from orchestration.assets import snapshots
from orchestration.assets.observations import build_observation_asset
from orchestration.assets.snapshots import build_snapshot_asset
from orchestration.resources import StateResource
from orchestration.workplace import Workplace

GOOD, BAD = get_dataset("world_bank/sp_pop_totl"), get_dataset("world_bank/ny_gdp_mktp_cd")
NOW = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
asked: list[str] = []


class Broken(Workplace):
    """A workplace in which one source answers with an error, for a passing reason or for good."""

    transient = True

    def fetch(self, spec: DatasetSpec, *, full: bool = False) -> FetchResult:
        asked.append(spec.key)
        if spec.key != BAD.key:
            return super().fetch(spec, full=full)
        error = SourceError(
            BAD.provider, BAD.dataset, "answered 503", part="all", next_step="wait", transient=self.transient
        )
        at = utc_text(self.source_time)
        self.store().put_fetched(
            FetchRecord(
                dataset=BAD.key,
                at=at,
                question_sha256=BAD.question_sha256,
                parts={},
                errors={"all": error.as_record()},
            )
        )
        return FetchResult(BAD.key, at, {}, {"all": error})


class BrokenForGood(Broken):
    transient = False


class FakeState(StateResource):
    home: str
    kind: str = "Workplace"

    def workplace(self, context: dg.AssetExecutionContext) -> Workplace:
        kinds = {"Workplace": Workplace, "Broken": Broken, "BrokenForGood": BrokenForGood}
        settings = SourceSettings.from_env({"CIRCULARITY_HOME": self.home})
        return kinds[self.kind](settings, now=NOW)


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(snapshots, "FETCH_RETRY_SECONDS", 0.0)
    asked.clear()
    yield


def refresh(home: Path, kind: str) -> dg.ExecuteInProcessResult:
    assets = [
        build(spec) for spec in (GOOD, BAD) for build in (build_snapshot_asset, build_observation_asset)
    ]
    defs = dg.Definitions(
        assets=assets,
        resources={"state": FakeState(home=str(home), kind=kind)},
        jobs=[dg.define_asset_job("all", selection="*")],
        executor=dg.in_process_executor,
    )
    return defs.resolve_job_def("all").execute_in_process(raise_on_error=False)


def failed(result: dg.ExecuteInProcessResult) -> dict[tuple[str, str], dg.AssetCheckEvaluation]:
    found = result.get_asset_check_evaluations()
    return {(e.asset_key.to_user_string(), e.check_name): e for e in found if not e.passed}


def versions(result: dg.ExecuteInProcessResult) -> dict[str, str]:
    events = [e.materialization for e in result.get_asset_materialization_events()]
    return {m.asset_key.to_user_string(): m.tags["dagster/data_version"] for m in events}


def test_a_failing_source_keeps_its_vintage_and_stops_nobody(tmp_path: Path) -> None:
    before = versions(refresh(tmp_path, "Workplace"))
    result = refresh(tmp_path, "Broken")
    assert result.success
    assert versions(result) == before
    shown = failed(result)
    raw = shown["raw/world_bank/ny_gdp_mktp_cd", "fetched"]
    assert raw.severity is dg.AssetCheckSeverity.ERROR
    assert raw.description == "world_bank/ny_gdp_mktp_cd: answered 503. Next step: wait."
    obs = shown["obs/world_bank/ny_gdp_mktp_cd", "complete"]
    assert "Kept: the last good vintage" in (obs.description or "")
    assert not [key for key in shown if key[0].endswith("sp_pop_totl") and key[1] != "fresh"]


def test_a_passing_fault_is_tried_again_before_it_is_believed(tmp_path: Path) -> None:
    refresh(tmp_path, "Broken")
    assert asked.count(BAD.key) == 1 + snapshots.FETCH_RETRIES
    assert asked.count(GOOD.key) == 1


def test_a_fault_that_stays_is_not_tried_again(tmp_path: Path) -> None:
    refresh(tmp_path, "BrokenForGood")
    assert asked.count(BAD.key) == 1


def test_a_source_that_never_answered_is_absent_and_said_to_be(tmp_path: Path) -> None:
    result = refresh(tmp_path, "BrokenForGood")
    assert result.success
    assert versions(result)["obs/world_bank/ny_gdp_mktp_cd"] == "absent"
    assert ("obs/world_bank/ny_gdp_mktp_cd", "complete") in failed(result)
    assert versions(result)["obs/world_bank/sp_pop_totl"] != "absent"
