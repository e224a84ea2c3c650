"""`release/…` and `publication`: the verbs of a release as assets, one partition a release year.

Belongs here: calling each verb's pure function and reporting what it did. Does not belong here: any rule of a
release; the command line calls the same functions.

The partition acts on the year's open release. `consultation` and `publication` are in no job, and the latter
believes no run: the verb recomputes everything it relies on. Corrections and withdrawals, which name their
release, are jobs of their own (acts.py).
"""

from collections.abc import Callable
from typing import Any

import dagster as dg
import polars as pl

from connectors.errors import CheckError
from expectations.report import GateReport
from orchestration.assets.preview import render_preview
from orchestration.checks import GATE_KEY, check_gate, gate_check_specs
from orchestration.partitions import RELEASE_YEARS
from orchestration.progress import plain_failures, refuse, say
from orchestration.release.build import collect_build, export_current, hold_warehouse
from orchestration.release.candidate import build_candidate
from orchestration.release.check import check_release
from orchestration.release.consult import consult_release
from orchestration.release.context import ReleaseContext
from orchestration.release.decisions import DECISIONS_FOLDER
from orchestration.release.lock_model import load_lock
from orchestration.release.names import SITE
from orchestration.release.plan import load_plan, plan_release
from orchestration.release.publish import publish_release
from orchestration.release.state import ReleaseState, load_state
from orchestration.resources import StateResource
from orchestration.sample_lock import lock_newest
from orchestration.settings import OWNER

# The lock feeds the warehouse and the warehouse feeds the release: one group for both would run in a circle.
LOCK_GROUP, GROUP = "lock", "release"
PLAN_KEY, LOCK_KEY, DATA_KEY, CANDIDATE_KEY, CONSULTATION_KEY = (
    dg.AssetKey(["release", name]) for name in ("plan", "lock", "data", "candidate", "consultation")
)
PUBLICATION_KEY = dg.AssetKey(["publication"])
HEADLINE_TABLE = "rpt_regional_progress"


def _release_asset(
    group: str = GROUP, **arguments: Any
) -> Callable[[Callable[..., dg.MaterializeResult]], dg.AssetsDefinition]:
    """`@dg.asset` with what all assets of a release share."""
    return dg.asset(group_name=group, owners=[OWNER], partitions_def=RELEASE_YEARS, **arguments)


@_release_asset(
    LOCK_GROUP,
    key=PLAN_KEY,
    kinds={"yaml"},
    description="What the release will be: written once if there is none, checked against the declarations.",
)
def plan(context: dg.AssetExecutionContext, state: StateResource) -> dg.MaterializeResult:
    """Write the first plan if there is none, and check it."""
    place = state.workplace(context)
    with plain_failures():
        release = place.open_year(context.partition_key)
        done = plan_release(release, now=place.now)
        planned = load_plan(release)
    say(context, f"plan: {release.release_id}: {planned.title}; {len(planned.datasets)} data sets")
    return _result(
        release,
        done,
        "plan",
        reference_year=planned.reference_year,
        predecessor=planned.predecessor or "none",
        data_sets=len(planned.datasets),
    )


def build_lock_asset(observations: list[dg.AssetKey]) -> dg.AssetsDefinition:
    """The lock, fed by the observations of every data set."""

    @_release_asset(
        LOCK_GROUP,
        key=LOCK_KEY,
        deps=[PLAN_KEY, *observations],
        kinds={"json"},
        description="Vintages, predecessor, targets, method and code commit: all a build may depend on.",
    )
    def lock(context: dg.AssetExecutionContext, state: StateResource) -> dg.MaterializeResult:
        """Hash anew and pin what is newest."""
        place = state.workplace(context)
        with plain_failures():
            release = place.open_year(context.partition_key)
            done = lock_newest(release, now=place.now)
            locked = load_lock(release.paths, done)
        present = [d for d in locked.datasets if not d.is_absent]
        say(context, f"lock: {release.release_id}: {len(present)} of {len(locked.datasets)} data sets pinned")
        return _result(
            release,
            done,
            "lock",
            rows=sum(d.rows for d in locked.datasets),
            vintages=dg.MetadataValue.json({d.key: d.vintage or d.absence_reason for d in locked.datasets}),
            licences=dg.MetadataValue.json({d.key: d.licence for d in locked.datasets}),
            predecessor=locked.predecessor.release if locked.predecessor else "none",
        )

    return lock


def build_data_asset(tables: list[dg.AssetKey]) -> dg.AssetsDefinition:
    """The release's data, fed by the rpt_ models `tables`."""

    @_release_asset(
        key=DATA_KEY,
        deps=tables,
        kinds={"parquet"},
        description="The exact Parquet files that are judged and published; also current/.",
    )
    def data(context: dg.AssetExecutionContext, state: StateResource) -> dg.MaterializeResult:
        """Take dbt's exports over, and show the current tables to statisticians."""
        place = state.workplace(context)
        with plain_failures():
            release = place.open_year(context.partition_key)
            with hold_warehouse(release, place.now):
                done = collect_build(release, now=place.now)
                exported = export_current(release)
        files = sorted((release.paths.staging_dir / "data").glob("*.parquet"))
        rows = {path.stem: pl.scan_parquet(path).select(pl.len()).collect().item() for path in files}
        say(context, f"build: {release.release_id}: {len(files)} tables, {sum(rows.values()):,} rows")
        return _result(
            release,
            done,
            "data",
            tables=dg.MetadataValue.json(rows),
            current_tables=exported,
            preview=_preview_headline(release),
        )

    return data


@_release_asset(
    key=GATE_KEY,
    deps=[DATA_KEY],
    kinds={"greatexpectations"},
    description="The publication rules' verdict on the data; each rule is a check of this asset.",
    check_specs=gate_check_specs(),
)
def gate(context: dg.AssetExecutionContext, state: StateResource) -> dg.MaterializeResult:
    """Judge the data; a red gate stops this run here."""
    place = state.workplace(context)
    with plain_failures():
        release = place.open_year(context.partition_key)
        report = check_release(release, now=place.now)
    say(context, f"check: {release.release_id}: gate {report.verdict}, {len(report.rules)} rules")
    if report.verdict != "green":
        refuse(_explain_red(release, report), CheckError.exit_code)
    return _result(
        release,
        load_state(release.paths),
        "gate",
        checks=check_gate(report),
        verdict=report.verdict,
        decisions_used=[d.decision.file for d in report.decisions],
        page=dg.MetadataValue.path(str(release.paths.gate_page)),
    )


@_release_asset(
    key=CANDIDATE_KEY,
    deps=[GATE_KEY],
    kinds={"csv", "parquet", "excel", "duckdb", "html"},
    description="The finished bundle in every format and the site, with the checks on them and SHA256SUMS.",
)
def candidate(context: dg.AssetExecutionContext, state: StateResource) -> dg.MaterializeResult:
    """Make every format and check the finished files."""
    place = state.workplace(context)
    with plain_failures():
        release = place.open_year(context.partition_key)
        done = build_candidate(release, now=place.now)
    files = [path for path in release.paths.bundle_dir.rglob("*") if path.is_file()]
    site = release.paths.bundle_dir / SITE / "index.html"
    say(context, f"candidate: {release.release_id}: {len(files)} files, ready for two signatures")
    return _result(
        release,
        done,
        "candidate",
        files=len(files),
        bytes=sum(path.stat().st_size for path in files),
        folder=dg.MetadataValue.path(str(release.paths.bundle_dir)),
        site=dg.MetadataValue.path(str(site)) if site.is_file() else "none: the plan leaves out tables",
    )


@_release_asset(
    key=CONSULTATION_KEY,
    deps=[CANDIDATE_KEY],
    kinds={"excel"},
    description="A review sheet for each member State; refused if the plan says `consultation: none`.",
)
def consultation(context: dg.AssetExecutionContext, state: StateResource) -> dg.MaterializeResult:
    """Write the sheets, and say which comments wait for an answer."""
    place = state.workplace(context)
    with plain_failures():
        release = place.open_year(context.partition_key)
        report = consult_release(release, now=place.now)
    say(context, f"consult: {' '.join(report.lines())}")
    return _result(
        release,
        load_state(release.paths),
        "consultation",
        sheets=report.sheets,
        comments=report.comments,
        waiting=list(report.waiting),
        folder=dg.MetadataValue.path(report.folder),
    )


@_release_asset(
    key=PUBLICATION_KEY,
    deps=[CANDIDATE_KEY],
    kinds={"release"},
    description="The published release. Materialising it is a deliberate act, refused unless all holds.",
)
def publication(context: dg.AssetExecutionContext, state: StateResource) -> dg.MaterializeResult:
    """Publish, or refuse with every reason and change nothing."""
    place = state.workplace(context)
    with plain_failures():
        release = place.open_year(context.partition_key)
        report = publish_release(release, now=place.now, execute=True)
    if report.exit_code:
        reasons = "\n".join(report.lines())
        refuse(reasons, report.exit_code)
        raise dg.Failure(reasons, metadata={"exit_code": report.exit_code}, allow_retries=False)
    say(context, f"publish: {release.release_id}: published")
    return _result(release, load_state(release.paths), "candidate")


def build_release_assets(
    observations: list[dg.AssetKey], tables: list[dg.AssetKey]
) -> list[dg.AssetsDefinition]:
    """The assets of a release. `observations` feed the lock, `tables` (the rpt_ models) feed the data."""
    lock, data = build_lock_asset(observations), build_data_asset(tables)
    return [plan, lock, data, gate, candidate, consultation, publication]


def _result(
    release: ReleaseContext,
    done: ReleaseState | None,
    version: str,
    checks: list[dg.AssetCheckResult] | None = None,
    **facts: Any,
) -> dg.MaterializeResult:
    """Release, state and facts as metadata; the data version is the hash this step recorded."""
    hashes = done.hashes if done else {}
    metadata = {
        "release": release.release_id,
        "state": str(done.state) if done else "",
        "code": release.code.key,
    }
    return dg.MaterializeResult(
        data_version=dg.DataVersion(hashes[version]) if version in hashes else None,
        metadata={
            **metadata,
            "sha256": hashes.get(version, ""),
            "illustrative": release.illustrative,
            **facts,
        },
        check_results=checks or [],
    )


def _explain_red(release: ReleaseContext, report: GateReport) -> str:
    return (
        f"The gate of {release.release_id} is red. {' '.join(report.reasons())} Every finding stands in "
        f"{release.paths.gate_page}. Correct the data or the model, or record a decision in "
        f"{release.paths.decisions_dir / DECISIONS_FOLDER}, and run this again."
    )


def _preview_headline(release: ReleaseContext) -> dg.MetadataValue:
    path = release.paths.staging_dir / "data" / f"{HEADLINE_TABLE}.parquet"
    return dg.MetadataValue.md(render_preview(pl.read_parquet(path)) if path.exists() else "not in the plan")
