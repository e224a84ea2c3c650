"""A build that has nothing to do, in Dagster: the tables stand, no check is claimed, and the run goes on."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import dagster as dg
import pytest

from orchestration.assets import warehouse as room
from orchestration.assets.warehouse import build_warehouse_assets
from orchestration.release.state import Event, ReleaseState, State
from orchestration.settings import MANIFEST_FILE

# In the order of their names the first would come before the one it is made from, which Dagster refuses.
SELECTED = (dg.AssetKey(["dim_country"]), dg.AssetKey(["dim_country_group"]), dg.AssetKey(["rpt_region"]))
BUILT_AT = datetime(2026, 1, 10, 8, 0, tzinfo=UTC)
HASHES = {"lock": "1" * 64, "data": "2" * 64}


def state(*verbs: str) -> ReleaseState:
    events = [
        Event(
            sequence=number + 1,
            verb=verb,
            state_before=None,
            state_after=State.BUILT,
            at=BUILT_AT.replace(hour=8 + number),
            actor="Ana",
            code="a" * 40,
            hashes=HASHES,
        )
        for number, verb in enumerate(verbs)
    ]
    return ReleaseState(release="2026.1", state=State.BUILT, hashes=HASHES, history=tuple(events))


class Place(dg.ConfigurableResource):
    """A workplace with one release and nothing in it."""

    def workplace(self, context: object) -> SimpleNamespace:
        return SimpleNamespace(now=BUILT_AT, open_year=lambda year: SimpleNamespace(release_id="2026.1"))


class NoDbt(dg.ConfigurableResource):
    """A dbt that must not be called."""

    def cli(self, *_: object, **__: object) -> None:
        raise AssertionError("dbt was started")


@contextmanager
def no_lock(*_: object) -> Iterator[None]:
    yield


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> dg.ExecuteInProcessResult:
    """One run of two tables and of what comes after them, when all is built."""
    monkeypatch.setattr(room, "hold_warehouse", no_lock)
    monkeypatch.setattr(room, "find_built", lambda release: state("lock", "build", "check"))

    @dg.asset(deps=[SELECTED[-1]], partitions_def=room.RELEASE_YEARS)
    def after() -> None:
        """What reads the tables."""

    return dg.materialize(
        [build_warehouse_assets(Path(MANIFEST_FILE)), after],
        selection=dg.AssetSelection.assets(*SELECTED, "after"),
        partition_key="2026",
        resources={"state": Place(), "dbt": NoDbt()},
    )


def test_every_table_says_since_when_it_stands(run: dg.ExecuteInProcessResult) -> None:
    for key in SELECTED:
        (event,) = [e for e in run.get_asset_materialization_events() if e.asset_key == key]
        metadata = {name: value.value for name, value in event.materialization.metadata.items()}
        assert metadata["unchanged_since"] == "2026-01-10T09:00:00+00:00"
        assert metadata["release"] == "2026.1" and metadata["sha256"] == HASHES["data"]


def test_what_comes_after_the_tables_runs(run: dg.ExecuteInProcessResult) -> None:
    assert run.success
    assert dg.AssetKey("after") in {e.asset_key for e in run.get_asset_materialization_events()}


def test_no_check_of_dbt_is_said_to_have_run(run: dg.ExecuteInProcessResult) -> None:
    assert run.get_asset_check_evaluations() == []
