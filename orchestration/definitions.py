"""The code location: assembles assets, jobs, schedules and resources, and declares nothing itself.

Belongs here: `build_defs`, which tests call with what they want replaced. Does not belong here: any
definition. Loading it imports no Great Expectations and makes no dbt manifest.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import dagster as dg

from connectors.redaction import guard_logs
from connectors.registry import list_datasets
from connectors.spec import DatasetSpec
from orchestration.acts import ACTS
from orchestration.assets.observations import build_observation_asset, obs_key
from orchestration.assets.release import build_release_assets
from orchestration.assets.snapshots import build_snapshot_asset
from orchestration.assets.warehouse import (
    build_dbt_resource,
    build_warehouse_assets,
    list_release_tables,
    require_manifest,
)
from orchestration.environment import require_locked_packages
from orchestration.history import write_without_waiting
from orchestration.jobs import JOBS
from orchestration.resources import StateResource
from orchestration.schedules import SCHEDULES
from orchestration.settings import quiet_environment


def build_defs(
    *,
    datasets: Sequence[DatasetSpec] | None = None,
    manifest: Path | None = None,
    resources: Mapping[str, Any] | None = None,
) -> dg.Definitions:
    """All definitions; every argument replaces what a normal process would use."""
    quiet_environment()
    guard_logs()
    write_without_waiting()
    specs = list_datasets() if datasets is None else datasets
    warehouse = build_warehouse_assets(manifest or require_manifest())
    return dg.Definitions(
        assets=[
            *(build_snapshot_asset(spec) for spec in specs),
            *(build_observation_asset(spec) for spec in specs),
            warehouse,
            *build_release_assets([obs_key(spec) for spec in specs], list_release_tables(warehouse)),
        ],
        jobs=[*JOBS, *ACTS],
        schedules=SCHEDULES,
        resources={"state": StateResource(), "dbt": build_dbt_resource(), **(resources or {})},
        # One release is small: starting a process for each step would cost more than the steps.
        executor=dg.in_process_executor,
    )


require_locked_packages()
defs = build_defs()
