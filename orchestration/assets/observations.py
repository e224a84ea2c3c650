"""`obs/<provider>/<dataset>`: snapshots as canonical observations, one asset a declared data set.

Belongs here: ingesting one data set in Dagster, and telling which vintage stands and how old it is.
Does not belong here: parsing (connectors.protocols), harmonising areas or units (dbt).

The data version is the content hash of the vintage that stands: a changed time stamp in a header wakes
nobody.
"""

from datetime import datetime

import dagster as dg
import polars as pl

from connectors.ingest import IngestResult
from connectors.records import Vintage
from connectors.spec import DatasetSpec
from orchestration.assets.preview import render_preview
from orchestration.assets.snapshots import describe_source, raw_key
from orchestration.calendar import age_in_days
from orchestration.progress import plain_failures, say
from orchestration.resources import StateResource
from orchestration.settings import OWNER

COMPLETE, QUARANTINE, FRESH = "complete", "nothing_quarantined", "fresh"
ABSENT = "absent"


def obs_key(spec: DatasetSpec) -> dg.AssetKey:
    """The asset key of a data set's observations; dbt's source of the same name carries it too."""
    return dg.AssetKey(["obs", spec.provider, spec.dataset])


def _check_specs(spec: DatasetSpec) -> list[dg.AssetCheckSpec]:
    days = spec.freshness.expected_every_days
    said = {
        COMPLETE: "Every declared part was read; nothing had to be kept from an earlier vintage.",
        QUARANTINE: "No row was kept out because it could not be read.",
        FRESH: f"The producer's own date is not older than {days} days: {spec.freshness.note}",
    }
    return [dg.AssetCheckSpec(name, asset=obs_key(spec), description=text) for name, text in said.items()]


def build_observation_asset(spec: DatasetSpec) -> dg.AssetsDefinition:
    """The asset of one data set's observations."""

    @dg.asset(
        key=obs_key(spec),
        deps=[raw_key(spec)],
        group_name=spec.provider,
        kinds={"polars", "parquet"},
        owners=[OWNER],
        tags={"provider": spec.provider, "steward": spec.owner},
        description=f"{spec.title}: one observation a row, with flags and snapshot hash.",
        metadata=describe_source(spec),
        check_specs=_check_specs(spec),
    )
    def observations(context: dg.AssetExecutionContext, state: StateResource) -> dg.MaterializeResult:
        """Read what was fetched; write a new vintage only if its content is new."""
        place = state.workplace(context)
        with plain_failures():
            result = place.ingest(spec)
            table = (
                place.store().read_observations(spec.key, result.vintage.vintage) if result.vintage else None
            )
        say(context, f"refresh: {spec.key}: {_describe(result)}")
        return dg.MaterializeResult(
            data_version=dg.DataVersion(result.vintage.content_sha256 if result.vintage else ABSENT),
            metadata=_metadata(result, table),
            check_results=_check(spec, result, place.source_time),
        )

    return observations


def _describe(result: IngestResult) -> str:
    vintage = result.vintage
    if vintage is None:
        return "absent, there is no vintage yet"
    words = {"new": "new vintage", "unchanged": "unchanged,", "kept": "kept the last good vintage"}
    return f"{words[result.outcome]} {vintage.vintage} ({vintage.rows:,} rows, {vintage.areas} areas)"


def _metadata(result: IngestResult, table: pl.DataFrame | None) -> dict[str, dg.MetadataValue]:
    vintage = result.vintage
    if vintage is None or table is None:
        return {"outcome": dg.MetadataValue.text(result.outcome)}
    return {
        "outcome": dg.MetadataValue.text(result.outcome),
        "vintage": dg.MetadataValue.text(vintage.vintage),
        "producer_date": dg.MetadataValue.text(vintage.producer_date),
        "content_sha256": dg.MetadataValue.text(vintage.content_sha256),
        "dagster/row_count": dg.MetadataValue.int(vintage.rows),
        "areas": dg.MetadataValue.int(vintage.areas),
        "years": dg.MetadataValue.text(f"{vintage.first_year}-{vintage.last_year}"),
        "quarantined": dg.MetadataValue.int(vintage.quarantined),
        "licence": dg.MetadataValue.text(vintage.licence.name),
        "illustrative": dg.MetadataValue.bool(vintage.illustrative),
        "preview": dg.MetadataValue.md(render_preview(table)),
        "rows_by_year": dg.MetadataValue.json(_rows_by_year(table)),
    }


def _rows_by_year(table: pl.DataFrame) -> dict[str, int]:
    """Rows a year: a data set that lost a whole year shows it here, whatever its total."""
    counted = table.group_by("time_period").len().sort("time_period")
    return dict(counted.iter_rows())


def _check(spec: DatasetSpec, result: IngestResult, now: datetime) -> list[dg.AssetCheckResult]:
    reasons = " ".join([*(str(error) for error in result.errors.values()), *result.warnings])
    vintage = result.vintage
    quarantined = vintage.quarantined if vintage else 0
    return [
        dg.AssetCheckResult(
            check_name=COMPLETE,
            passed=not result.errors and vintage is not None,
            severity=dg.AssetCheckSeverity.ERROR,
            description=reasons or "Every declared part was read.",
        ),
        dg.AssetCheckResult(
            check_name=QUARANTINE,
            passed=quarantined == 0,
            severity=dg.AssetCheckSeverity.WARN,
            description=f"{quarantined} rows were kept out; they stand with their reason beside the vintage.",
        ),
        _check_age(spec, vintage, now),
    ]


def _check_age(spec: DatasetSpec, vintage: Vintage | None, now: datetime) -> dg.AssetCheckResult:
    age = age_in_days(vintage.producer_date, now.date()) if vintage else None
    expected = spec.freshness.expected_every_days
    said = f"{age} days old" if age is not None else "of unknown age"
    return dg.AssetCheckResult(
        check_name=FRESH,
        passed=age is not None and age <= expected,
        severity=dg.AssetCheckSeverity.WARN,
        description=f"By the producer's date the data are {said}; an edition is due every {expected} days.",
    )
