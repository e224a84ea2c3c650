"""`raw/<provider>/<dataset>`: the bytes a source sent, one asset a declared data set.

Belongs here: asking one source in Dagster, trying again when that may help, telling what was kept when it
failed. Does not belong here: fetching itself (connectors.refresh), parsing (observations.py).

A failed source does not fail its step: the step materialises what stands (the last good vintage, or nothing)
and its check `fetched` fails with the plain reason, so that the other sources and the release go on.
"""

from datetime import timedelta

import dagster as dg

from connectors.refresh import FetchResult
from connectors.spec import DatasetSpec
from orchestration.cli_refresh import describe_asked
from orchestration.progress import plain_failures, say
from orchestration.resources import StateResource
from orchestration.settings import FETCH_RETRIES, FETCH_RETRY_SECONDS, OWNER
from orchestration.workplace import hash_parts

FETCHED = "fetched"


def raw_key(spec: DatasetSpec) -> dg.AssetKey:
    """The asset key of a data set's snapshots."""
    return dg.AssetKey(["raw", spec.provider, spec.dataset])


def describe_source(spec: DatasetSpec) -> dict[str, dg.MetadataValue]:
    """What is declared about a data set, as metadata of its assets."""
    return {
        "title": dg.MetadataValue.text(spec.title),
        "licence": dg.MetadataValue.text(spec.licence.name),
        "licence_url": dg.MetadataValue.url(spec.licence.url),
        "citation": dg.MetadataValue.text(spec.citation),
        "parts": dg.MetadataValue.text(", ".join(spec.parts)),
        "published": dg.MetadataValue.text(spec.freshness.note),
    }


def build_snapshot_asset(spec: DatasetSpec) -> dg.AssetsDefinition:
    """The asset of one data set's bytes."""

    @dg.asset(
        key=raw_key(spec),
        group_name=spec.provider,
        kinds={"http", "snapshot"},
        owners=[OWNER],
        tags={"provider": spec.provider, "steward": spec.owner},
        description=f"{spec.title}: the bytes as {spec.provider} sent them, kept under their SHA-256.",
        metadata=describe_source(spec),
        freshness_policy=dg.FreshnessPolicy.time_window(
            fail_window=timedelta(days=spec.freshness.expected_every_days)
        ),
        check_specs=[
            dg.AssetCheckSpec(
                FETCHED,
                asset=raw_key(spec),
                description="The source answered completely the last time it was asked.",
            )
        ],
    )
    def snapshot(context: dg.AssetExecutionContext, state: StateResource) -> dg.MaterializeResult:
        """Fetch all parts of the data set; parts that fail keep their last good snapshot."""
        place = state.workplace(context)
        with plain_failures():
            result = place.fetch(spec)
            standing = place.standing_snapshots(spec)
        if result.transient and context.retry_number < FETCH_RETRIES:
            context.log.warning(_reasons(result))
            raise dg.RetryRequested(FETCH_RETRIES, FETCH_RETRY_SECONDS * 2**context.retry_number)
        say(context, _describe(spec, result))
        return _report(result, standing)

    return snapshot


def _describe(spec: DatasetSpec, result: FetchResult) -> str:
    if result.errors:
        return f"refresh: {_reasons(result)}"
    return f"refresh: {spec.key}: {describe_asked(result)}"


def _reasons(result: FetchResult) -> str:
    # Parts that failed for one reason say it once.
    return " ".join(dict.fromkeys(str(error) for error in result.errors.values()))


def _report(result: FetchResult, standing: dict[str, str]) -> dg.MaterializeResult:
    manifests = result.manifests.values()
    return dg.MaterializeResult(
        data_version=dg.DataVersion(hash_parts(standing)),
        metadata={
            "bytes": sum(manifest.bytes for manifest in manifests),
            "retrieved_at": max((manifest.retrieved_at for manifest in manifests), default="nothing came"),
            "version_marker": ", ".join(sorted({manifest.version_marker for manifest in manifests})),
            "snapshots": dg.MetadataValue.json(standing),
            "urls": dg.MetadataValue.json({manifest.part: manifest.url for manifest in manifests}),
            "parts_failed": len(result.errors),
            "parts_unchanged": len(result.unchanged),
            "asked": describe_asked(result),
        },
        check_results=[
            dg.AssetCheckResult(
                check_name=FETCHED,
                passed=not result.errors,
                severity=dg.AssetCheckSeverity.ERROR,
                description=_reasons(result) or "Every part came complete.",
                metadata={part: dg.MetadataValue.text(str(error)) for part, error in result.errors.items()},
            )
        ],
    )
