import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import dagster as dg
import pytest

from connectors.registry import get_dataset, list_datasets
from expectations.builder import load_suites
from orchestration.checks import GATE_KEY
from orchestration.definitions import build_defs
from orchestration.settings import DBT_PROJECT_DIR
from tests.orchestration.snapshot import SNAPSHOT, render

INDICATORS = DBT_PROJECT_DIR / "models" / "intermediate" / "indicators"

LOADING_CPU_SECONDS = 20
IMPORT_CPU_SECONDS = 1.0


@pytest.fixture(scope="module")
def defs() -> dg.Definitions:
    return build_defs()


def test_keys_dependencies_and_checks_are_as_recorded(defs: dg.Definitions) -> None:
    recorded = SNAPSHOT.read_text(encoding="utf-8")
    hint = "If the change is meant: python -m tests.orchestration.snapshot > tests/orchestration/assets.txt"
    assert render(defs) == recorded, hint


def test_lineage_runs_unbroken_from_every_source_to_the_publication(defs: dg.Definitions) -> None:
    graph = defs.resolve_asset_graph()
    before = graph.get_ancestor_asset_keys(dg.AssetKey("publication"))
    for spec in list_datasets():
        assert dg.AssetKey(["raw", spec.provider, spec.dataset]) in before
    roots = {key for key in before if not graph.get(key).parent_keys}
    stray = {
        key
        for key in roots
        if key.path[0] not in ("raw", "release") and graph.get(key).group_name != "reference"
    }
    # A declared empty slot has no source: its model says so in one call and has no row.
    slots = {
        dg.AssetKey([path.stem])
        for path in INDICATORS.glob("*.sql")
        if "empty_indicator(" in path.read_text()
    }
    assert slots and stray == slots


def test_every_asset_has_group_owner_kinds_and_description(defs: dg.Definitions) -> None:
    graph = defs.resolve_asset_graph()
    for key in graph.materializable_asset_keys:
        node = graph.get(key)
        assert node.group_name != "default", key
        assert node.owners and node.kinds and node.description, key


def test_everything_from_the_plan_on_is_partitioned_by_release_year(defs: dg.Definitions) -> None:
    graph = defs.resolve_asset_graph()
    for key in graph.materializable_asset_keys:
        is_source = key.path[0] in ("raw", "obs")
        assert (graph.get(key).partitions_def is None) == is_source, key


def test_jobs_never_publish_and_refresh_only_asks_sources(defs: dg.Definitions) -> None:
    annual = defs.resolve_job_def("annual_release").asset_layer.executable_asset_keys
    assert dg.AssetKey("publication") not in annual
    assert dg.AssetKey(["release", "consultation"]) not in annual
    assert dg.AssetKey(["release", "candidate"]) in annual
    refreshed = defs.resolve_job_def("refresh").asset_layer.executable_asset_keys
    assert {key.path[0] for key in refreshed} == {"raw", "obs"}


def test_schedules_wait_for_somebody_to_start_them(defs: dg.Definitions) -> None:
    schedules = {s.name: s for s in defs.schedules or ()}
    assert set(schedules) == {"weekly_refresh", "monthly_candidate"}
    for schedule in schedules.values():
        assert schedule.default_status is dg.DefaultScheduleStatus.STOPPED


def test_each_rule_of_the_gate_is_a_check(defs: dg.Definitions) -> None:
    node = defs.resolve_asset_graph().get(GATE_KEY)
    gates = {rule.gate for suite in load_suites() for rule in suite.rules}
    assert {check.name for check in node.check_keys} == gates | {"gate_is_green"}


def test_freshness_follows_the_declarations_own_calendar(defs: dg.Definitions) -> None:
    for spec in list_datasets():
        node = defs.resolve_asset_graph().get(dg.AssetKey(["raw", spec.provider, spec.dataset]))
        assert node.freshness_policy == dg.FreshnessPolicy.time_window(
            fail_window=_days(spec.freshness.expected_every_days)
        )


def test_a_code_location_can_be_assembled_from_parts() -> None:
    only = get_dataset("world_bank/sp_pop_totl")
    graph = build_defs(datasets=[only]).resolve_asset_graph()
    raw = {key for key in graph.materializable_asset_keys if key.path[0] == "raw"}
    assert raw == {dg.AssetKey(["raw", "world_bank", "sp_pop_totl"])}


def test_a_missing_manifest_is_explained(tmp_path: Path) -> None:
    from connectors.errors import UsageError
    from orchestration.assets.warehouse import require_manifest

    with pytest.raises(UsageError, match="dbt parse"):
        require_manifest(tmp_path / "manifest.json")


def test_loading_definitions_imports_no_great_expectations() -> None:
    code = (
        "import sys, time, orchestration.definitions as d; d.defs.resolve_asset_graph();"
        "print('great_expectations' in sys.modules, time.process_time())"
    )
    seen, cpu = _python(code).split()
    assert seen == "False"
    assert float(cpu) < LOADING_CPU_SECONDS


def test_importing_connectors_stays_under_a_second_of_cpu() -> None:
    assert float(_python("import connectors, time; print(time.process_time())")) < IMPORT_CPU_SECONDS


def _python(code: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    ).stdout.strip()


def _days(number: int) -> timedelta:

    return timedelta(days=number)
