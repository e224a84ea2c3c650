"""From a declaration to a new vintage: fetch (bytes), then ingest (observations); they meet in the store.

What belongs here: parts, what is kept when one fails, when a vintage is new. What does not: wire formats
(protocols/), HTTP (http.py), retries of a whole step (the orchestration decides from
`FetchResult.transient`).

Source trouble never raises from here: it is returned, and the last good vintage stands.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import polars as pl

from connectors import observations
from connectors.errors import CircularityError, SourceError
from connectors.http import Client
from connectors.protocols import sdmx_csv, unsd_sdg, world_bank
from connectors.protocols.base import FailedPart, ProtocolModule, RawPart
from connectors.records import FetchRecord, Manifest, PartState, Vintage, utc_text
from connectors.spec import DatasetSpec
from connectors.store import Store

PROTOCOLS: dict[str, ProtocolModule] = {"unsd_sdg": unsd_sdg, "sdmx_csv": sdmx_csv, "world_bank": world_bank}
Outcome = Literal["new", "unchanged", "kept", "absent"]


@dataclass(frozen=True)
class FetchResult:
    """What a fetch brought. `manifests` by part; `errors` by failed part. In archive mode both are empty."""

    key: str
    at: str
    manifests: dict[str, Manifest]
    errors: dict[str, SourceError]

    @property
    def transient(self) -> bool:
        """Whether nothing failed for good and asking again later may help: the signal to retry the step."""
        return bool(self.errors) and all(error.transient for error in self.errors.values())


@dataclass(frozen=True)
class IngestResult:
    """What became of a data set.

    `outcome`: new (a new vintage), unchanged (same content), kept (could not be refreshed, the last good
    vintage stands), absent (there is no vintage at all). `vintage` is the one that stands now, None if
    absent.
    """

    key: str
    outcome: Outcome
    vintage: Vintage | None
    errors: dict[str, SourceError]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Part:
    state: PartState
    table: pl.DataFrame
    quarantine: list[dict[str, Any]]
    warnings: tuple[str, ...] = ()


def refresh_dataset(spec: DatasetSpec, client: Client, store: Store, now: datetime) -> IngestResult:
    """Fetch and ingest one data set. Raises StoreError only."""
    fetch_dataset(spec, client, store, now)
    return ingest_dataset(spec, store, now)


def fetch_dataset(spec: DatasetSpec, client: Client, store: Store, now: datetime) -> FetchResult:
    """Bring the bytes of every part into the store and write down what came. Raises StoreError only.

    In archive mode nothing is asked and the record of the last fetch stays as it is.
    """
    at = utc_text(now)
    if client.offline:
        return FetchResult(spec.key, at, {}, {})
    manifests: dict[str, Manifest] = {}
    errors: dict[str, SourceError] = {}
    with store.locked(spec.key), store.scratch() as scratch:
        for result in _fetch_parts(spec, client, scratch):
            if isinstance(result, FailedPart):
                errors[result.part] = result.error
            else:
                manifests[result.part] = _keep(result, spec, store, at)
        store.put_fetched(
            FetchRecord(
                dataset=spec.key,
                at=at,
                parts={part: manifest.sha256 for part, manifest in manifests.items()},
                errors={part: error.as_record() for part, error in errors.items()},
            )
        )
    return FetchResult(spec.key, at, manifests, errors)


def _fetch_parts(spec: DatasetSpec, client: Client, scratch: Path) -> Iterator[RawPart | FailedPart]:
    """The protocol's parts; a fault nobody foresaw fails those that had not come yet, and nothing else."""
    waiting = dict.fromkeys(spec.parts)
    try:
        for result in PROTOCOLS[spec.protocol].fetch_parts(spec, client, scratch):
            waiting.pop(result.part, None)
            yield result
    except (CircularityError, OSError):
        raise
    except Exception as error:  # noqa: BLE001 - a hostile answer must not stop the other data sets
        yield from (FailedPart(part, _unforeseen(spec, part, error)) for part in waiting)


def _unforeseen(spec: DatasetSpec, part: str, error: Exception) -> SourceError:
    return SourceError(
        spec.provider,
        spec.dataset,
        "answered in a way this program was not made for",
        part=part,
        next_step="run `circularity probe`, and report this with the snapshot if there is one",
        field=type(error).__name__,
        value=str(error),
        owner=spec.owner,
    )


def ingest_dataset(spec: DatasetSpec, store: Store, now: datetime) -> IngestResult:
    """Parse what the last fetch brought; write a new vintage only if the content changed.

    Raises StoreError only.

    `now` becomes part of no artefact; it is checked, so that a clock set back is noticed where it can be
    explained.
    """
    with store.locked(spec.key):
        latest = store.latest_vintage(spec.key)
        record = store.last_fetched(spec.key)
        if record is None:
            return IngestResult(spec.key, "unchanged" if latest else "absent", latest, {})
        result = _ingest(spec, store, record, latest)
    if record.at > utc_text(now):
        note = "the clock of this machine is before the time of the last fetch"
        return replace(result, warnings=(note, *result.warnings))
    return result


def _ingest(spec: DatasetSpec, store: Store, record: FetchRecord, latest: Vintage | None) -> IngestResult:
    errors = {part: SourceError.from_record(facts) for part, facts in record.errors.items()}
    parts: dict[str, _Part] = {}
    try:
        for part in spec.parts:
            parts[part] = _ingest_part(spec, part, store, record, latest, errors)
    except SourceError as error:  # a kept snapshot cannot be read with today's declaration
        errors[error.part] = error
        parts = {}
    errors = {part: _explained(error, spec, parts.get(part), latest) for part, error in errors.items()}
    warnings = tuple(warning for part in parts.values() for warning in part.warnings)
    if not any(part.state.status == "fresh" for part in parts.values()):
        return IngestResult(spec.key, "kept" if latest else "absent", latest, errors, warnings)
    vintage, table = _describe(spec, store, parts, latest)
    if latest and vintage.content_sha256 == latest.content_sha256:
        return IngestResult(spec.key, "unchanged", latest, errors, warnings)
    newest = max(_date(spec, part.state) for part in parts.values() if part.state.status == "fresh")
    if latest and newest < latest.producer_date:
        note = f"the provider went back from {latest.producer_date} to {newest}; the newer vintage was kept"
        return IngestResult(spec.key, "kept", latest, errors, (*warnings, note))
    quarantine = [row for part in parts.values() for row in part.quarantine]
    return IngestResult(spec.key, "new", store.put_vintage(vintage, table, quarantine), errors, warnings)


def _keep(raw: RawPart, spec: DatasetSpec, store: Store, at: str) -> Manifest:
    sha256, size = store.adopt(raw.path)
    return store.put_manifest(
        Manifest(
            provider=spec.provider,
            dataset=spec.dataset,
            part=raw.part,
            sha256=sha256,
            bytes=size,
            url=raw.url,
            method=raw.method,
            params=raw.params,
            status=raw.status,
            etag=raw.etag,
            last_modified=raw.last_modified,
            retrieved_at=at,
            version_marker=raw.version_marker,
            licence=spec.licence,
            citation=spec.citation,
            spec_sha256=spec.spec_sha256,
            illustrative=store.illustrative,
        )
    )


def _ingest_part(
    spec: DatasetSpec,
    part: str,
    store: Store,
    record: FetchRecord,
    latest: Vintage | None,
    errors: dict[str, SourceError],
) -> _Part:
    """The part as fetched; if that failed or cannot be read, its last good snapshot; else absent."""
    before = latest.parts.get(part) if latest else None
    if part in record.parts:
        try:
            return _read_part(spec, part, store, record.parts[part], "fresh", None)
        except SourceError as error:
            errors[part] = error
    if part not in errors:
        errors[part] = _not_fetched(spec, part)
    reason = errors[part].what
    if before is not None and before.sha256 is not None:
        return _read_part(spec, part, store, before.sha256, "kept", reason)
    return _Part(PartState(status="absent", reason=reason), observations.empty_table(), [])


def _read_part(
    spec: DatasetSpec,
    part: str,
    store: Store,
    sha256: str,
    status: Literal["fresh", "kept"],
    reason: str | None,
) -> _Part:
    manifest = store.get_manifest(spec.key, part, sha256)
    body = store.read_object(sha256)
    try:
        parsed = PROTOCOLS[spec.protocol].parse(body, spec, part, sha256)
    except CircularityError:
        raise
    except Exception as error:  # noqa: BLE001 - as in _fetch_parts: the bytes are a stranger's
        raise _unforeseen(spec, part, error) from error
    state = PartState(
        status=status,
        sha256=sha256,
        retrieved_at=manifest.retrieved_at,
        url=manifest.url,
        version_marker=manifest.version_marker,
        bytes=manifest.bytes,
        reason=reason,
    )
    return _Part(state, parsed.table, parsed.quarantine, parsed.warnings)


def _describe(
    spec: DatasetSpec, store: Store, parts: dict[str, _Part], latest: Vintage | None
) -> tuple[Vintage, pl.DataFrame]:
    """The vintage these parts would make, and its table."""
    table = observations.to_table(pl.concat([part.table for part in parts.values()]))
    content = observations.content_sha256(table)
    sequence = latest.sequence + 1 if latest else 1
    dated = max(_date(spec, part.state) for part in parts.values() if part.state.sha256)
    name = f"{dated}.{content[:8]}"
    if any(vintage.vintage == name for vintage in store.list_vintages(spec.key)):
        name += f".{sequence}"  # the provider went back to an older content without moving its marker
    years = table["time_period"].cast(pl.Int32).sort()
    vintage = Vintage(
        provider=spec.provider,
        dataset=spec.dataset,
        vintage=name,
        sequence=sequence,
        producer_date=dated,
        content_sha256=content,
        raw_sha256=_raw_sha256(parts),
        observations_sha256="",
        rows=table.height,
        areas=table["ref_area"].n_unique(),
        first_year=years.to_list()[0],
        last_year=years.to_list()[-1],
        parts={name: part.state for name, part in parts.items()},
        spec_sha256=spec.spec_sha256,
        licence=spec.licence,
        citation=spec.citation,
        illustrative=store.illustrative,
        quarantined=sum(len(part.quarantine) for part in parts.values()),
    )
    return vintage, table


def _raw_sha256(parts: dict[str, _Part]) -> str:
    """One hash over the snapshots of all parts, in the order of their names."""
    named = {name: part.state.sha256 for name, part in parts.items()}
    return hashlib.sha256(json.dumps(named, sort_keys=True).encode()).hexdigest()


def _date(spec: DatasetSpec, state: PartState) -> str:
    return PROTOCOLS[spec.protocol].producer_date(state.version_marker or "")


def _not_fetched(spec: DatasetSpec, part: str) -> SourceError:
    what = "was not part of the last fetch (the declaration is newer)"
    return SourceError(
        spec.provider, spec.dataset, what, part=part, next_step=f"circularity refresh {spec.key}"
    )


def _explained(
    error: SourceError, spec: DatasetSpec, part: _Part | None, latest: Vintage | None
) -> SourceError:
    """The error, told together with what still stands."""
    if latest is None or (part is not None and part.state.status == "absent"):
        kept = "nothing, because there is no earlier snapshot; the release plan names it as missing"
    else:
        since = f", snapshot of {part.state.retrieved_at}" if part else ""
        kept = f"the last good vintage {latest.vintage}{since}"
    return error.keeping(kept, spec.owner)
