"""`obs/<provider>/<dataset>`: snapshots as canonical observations, one asset a declared data set.

Belongs here: ingesting one data set in Dagster, and telling which vintage stands and how old it is.
Does not belong here: parsing (connectors.protocols), harmonising areas or units (dbt).

The data version is the content hash of the vintage that stands: a changed time stamp in a header wakes
nobody.
"""

import dagster as dg
import polars as pl

from connectors.ingest import IngestResult
from connectors.spec import DatasetSpec
from orchestration.alerts import tell
from orchestration.assets.preview import render_preview
from orchestration.assets.snapshots import describe_source, raw_key
from orchestration.cli_refresh import describe_read
from orchestration.observation_checks import check_observations, observation_check_specs
from orchestration.progress import plain_failures, say
from orchestration.resources import StateResource
from orchestration.settings import OWNER

ABSENT = "absent"


def obs_key(spec: DatasetSpec) -> dg.AssetKey:
    """The asset key of a data set's observations; dbt's source of the same name carries it too."""
    return dg.AssetKey(["obs", spec.provider, spec.dataset])


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
        check_specs=observation_check_specs(spec, obs_key(spec)),
    )
    def observations(context: dg.AssetExecutionContext, state: StateResource) -> dg.MaterializeResult:
        """Read what was fetched; write a new vintage only if its content is new."""
        place = state.workplace(context)
        with plain_failures():
            result = place.ingest(spec)
            table = (
                place.store().read_observations(spec.key, result.vintage.vintage) if result.vintage else None
            )
            checks = check_observations(place, spec, result, table)
            for sentence in tell(place, spec, result):
                context.log.warning(sentence)
        say(context, f"refresh: {spec.key}: {describe_read(result)}")
        return dg.MaterializeResult(
            data_version=dg.DataVersion(result.vintage.content_sha256 if result.vintage else ABSENT),
            metadata=_metadata(result, table),
            check_results=checks,
        )

    return observations


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
