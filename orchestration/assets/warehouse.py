"""dbt in Dagster: every model is an asset, every dbt test a check, and lineage runs on to the observations.

Belongs here: the one translator and the one `@dbt_assets`. Does not belong here: SQL, or what dbt reads (the
lock).
"""

import os
import sys
from collections.abc import Iterator, Mapping
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import (
    DagsterDbtTranslator,
    DagsterDbtTranslatorSettings,
    DbtCliInvocation,
    DbtCliResource,
    dbt_assets,
)

from connectors.errors import CheckError, UsageError
from orchestration.partitions import RELEASE_YEARS
from orchestration.progress import plain_failures, say
from orchestration.release.build import (
    describe_built,
    find_built,
    hold_warehouse,
    mark_exported,
    prepare_build,
)
from orchestration.release.dbt_run import BUILD
from orchestration.release.state import ReleaseState
from orchestration.resources import StateResource
from orchestration.settings import DBT_PROJECT_DIR, MANIFEST_FILE, OWNER

POOL = "duckdb"
SHOWN_FAULTS = 3


class CircularityTranslator(DagsterDbtTranslator):
    """Says how a dbt node looks in Dagster; one small method a concern."""

    def __init__(self) -> None:
        # lock.* and predecessor.* are several dbt sources and one asset: the lock.
        super().__init__(
            settings=DagsterDbtTranslatorSettings(
                enable_asset_checks=True, enable_duplicate_source_asset_keys=True
            )
        )

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """The layer: the first folder under models/, or `reference` for seeds."""
        if dbt_resource_props["resource_type"] == "seed":
            return "reference"
        layer = str(dbt_resource_props["fqn"][1])
        return "tables" if layer == "release" else layer

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str]:  # noqa: ARG002
        """One team owns the whole warehouse."""
        return [OWNER]


def require_manifest(path: Path = MANIFEST_FILE) -> Path:
    """The manifest `make` prepared. Raises UsageError when there is none: it is never made while definitions
    load.
    """
    if not path.exists():
        raise UsageError(
            "dbt's manifest is missing, so the warehouse's assets are unknown. Run any `make` target, or "
            "`dbt parse --project-dir dbt_project --profiles-dir dbt_project`, and try again."
        )
    return path


def build_warehouse_assets(manifest: Path) -> dg.AssetsDefinition:
    """All dbt models, seeds and tests of `manifest` as one partitioned step with the pool `duckdb`."""

    @dbt_assets(
        manifest=manifest,
        name="warehouse",
        partitions_def=RELEASE_YEARS,
        dagster_dbt_translator=CircularityTranslator(),
        pool=POOL,
    )
    def warehouse(
        context: dg.AssetExecutionContext, state: StateResource, dbt: DbtCliResource
    ) -> Iterator[Any]:
        """Hand the locked inputs to dbt and build everything from them."""
        place = state.workplace(context)
        with plain_failures():
            release = place.open_year(context.partition_key)
        with plain_failures(), hold_warehouse(release, place.now):
            built = find_built(release)
            if built is not None:
                say(context, describe_built(built))
                yield from report_unchanged(context, built)
                return
            prepare_build(release)
            os.environ["CIRCULARITY_WAREHOUSE"] = str(release.paths.warehouse_dir)
            invocation = dbt.cli(list(BUILD), context=context, raise_on_error=False)
            yield from invocation.stream()
            faults = find_faults(invocation)
            if faults:
                said = " ".join(faults[:SHOWN_FAULTS])
                raise CheckError(f"The tables of {release.release_id} were not built. {said}")
            mark_exported(release)
        say(context, f"build: {release.release_id}: every dbt model built, every dbt test passed")

    return warehouse


def report_unchanged(
    context: dg.AssetExecutionContext, built: ReleaseState
) -> Iterator[dg.MaterializeResult]:
    """One event for each selected asset, so that what comes after it runs: it stands, and since when.

    dbt did not run, so no check is reported: what each said when the table was made still stands beside it.
    """
    made = next(event for event in reversed(built.history) if event.verb == "build")
    facts = {"release": built.release, "unchanged_since": made.at.isoformat(), "sha256": built.hashes["data"]}
    needs = context.assets_def.asset_deps
    # Dagster wants each table after those it is made from.
    for key in TopologicalSorter({key: sorted(needs[key]) for key in sorted(needs)}).static_order():
        if key in context.selected_asset_keys:
            yield dg.MaterializeResult(asset_key=key, metadata=facts)


def list_release_tables(warehouse: dg.AssetsDefinition) -> list[dg.AssetKey]:
    """The keys of the published tables, which `release/data` collects."""
    return sorted(key for key in warehouse.keys if key.path[-1].startswith("rpt_"))


def find_faults(invocation: DbtCliInvocation) -> list[str]:
    """What failed in a finished dbt process, one sentence each; none if it succeeded."""
    if invocation.is_successful():
        return []
    try:
        results = invocation.get_artifact("run_results.json")["results"]
    except FileNotFoundError:
        results = []
    failed = [r for r in results if r["status"] in ("error", "fail")]
    named = [f"{r['unique_id']}: {' '.join(str(r['message']).split())}." for r in failed]
    return named or ["dbt ended before it built anything; its log is in warehouse/dbt below the state root."]


def build_dbt_resource() -> DbtCliResource:
    """The dbt command line on this project; its profile lies beside it."""
    dbt = Path(sys.executable).parent / "dbt"
    return DbtCliResource(
        project_dir=str(DBT_PROJECT_DIR), profiles_dir=str(DBT_PROJECT_DIR), dbt_executable=str(dbt)
    )
