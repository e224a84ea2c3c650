"""From a declaration to snapshots: ask for every part, keep the bytes that are new.

What belongs here: parts, what the provider is told we have, the record of a fetch. What does not: wire
formats (protocols/), HTTP (http.py), reading the bytes (ingest.py), retries of a whole step (the
orchestration decides from `FetchResult.transient`).

Source trouble never raises from here: it is returned, and the last good vintage stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from connectors.disk import disk_errors
from connectors.errors import CircularityError, SourceError
from connectors.http import Client
from connectors.ingest import IngestResult, ingest_dataset
from connectors.protocols import PROTOCOLS
from connectors.protocols.base import FailedPart, FetchedItem, RawPart, UnchangedPart
from connectors.reading import unforeseen
from connectors.records import FetchedPart, FetchRecord, Manifest, utc_text
from connectors.spec import DatasetSpec
from connectors.store import Store


@dataclass(frozen=True)
class FetchResult:
    """What a fetch brought. `manifests` by part; `errors` by failed part. In archive mode all are empty.

    `unchanged` names the parts whose bytes did not have to come again: the provider said they still stand.
    `resumed` of them had come in a fetch that was killed before it ended.
    """

    key: str
    at: str
    manifests: dict[str, Manifest]
    errors: dict[str, SourceError]
    unchanged: tuple[str, ...] = ()
    resumed: int = 0

    @property
    def transient(self) -> bool:
        """Whether nothing failed for good and asking again later may help: the signal to retry the step."""
        return bool(self.errors) and all(error.transient for error in self.errors.values())


def refresh_dataset(
    spec: DatasetSpec, client: Client, store: Store, now: datetime, *, full: bool = False
) -> IngestResult:
    """Fetch and ingest one data set; see `fetch_dataset`. Raises StoreError only."""
    fetch_dataset(spec, client, store, now, full=full)
    return ingest_dataset(spec, store, now)


def fetch_dataset(
    spec: DatasetSpec, client: Client, store: Store, now: datetime, *, full: bool = False
) -> FetchResult:
    """Bring the bytes of every part that changed into the store and write down what stands.

    `full` brings every body, whatever the provider says of its age: for a provider that may have revised
    without moving its marker. Raises StoreError only.

    In archive mode nothing is asked and the record of the last fetch stays as it is.
    """
    at = utc_text(now)
    if client.offline:
        return FetchResult(spec.key, at, {}, {})
    parts: dict[str, FetchedPart] = {}
    manifests: dict[str, Manifest] = {}
    errors: dict[str, SourceError] = {}
    with store.locked(spec.key), store.scratch() as scratch, disk_errors(scratch):
        store.require_ready(spec.key)
        begun = {} if full else _find_begun(spec, store)
        known = {} if full else _find_known(spec, store) | begun
        for item in _fetch_parts(spec, client, scratch, known):
            if isinstance(item, FailedPart):
                errors[item.part] = item.error
            elif isinstance(item, UnchangedPart):
                marker = item.version_marker or known[item.part].version_marker
                parts[item.part] = known[item.part].model_copy(update={"version_marker": marker})
            else:
                manifests[item.part] = _keep(item, spec, store, at)
                parts[item.part] = FetchedPart(
                    sha256=manifests[item.part].sha256,
                    version_marker=item.version_marker,
                    etag=item.etag,
                    last_modified=item.last_modified,
                )
                store.put_checkpoint(_record(spec, at, parts, manifests, errors))
        record = _record(spec, at, parts, manifests, errors)
        store.put_fetched(record)
    resumed = len(set(record.unchanged) & set(begun))
    return FetchResult(spec.key, at, manifests, errors, record.unchanged, resumed)


def _record(
    spec: DatasetSpec,
    at: str,
    parts: dict[str, FetchedPart],
    manifests: dict[str, Manifest],
    errors: dict[str, SourceError],
) -> FetchRecord:
    return FetchRecord(
        dataset=spec.key,
        at=at,
        question_sha256=spec.question_sha256,
        parts=dict(sorted(parts.items())),
        unchanged=tuple(sorted(set(parts) - set(manifests))),
        errors={part: error.as_record() for part, error in sorted(errors.items())},
    )


def _find_begun(spec: DatasetSpec, store: Store) -> dict[str, FetchedPart]:
    """What a fetch had brought that was killed before it ended; asked by today's declaration, and intact.

    Nobody has read these bytes yet. Once this fetch has ended they count as known only if they can be read.
    """
    checkpoint = store.find_checkpoint(spec.key)
    if checkpoint is None or checkpoint.question_sha256 != spec.question_sha256:
        return {}
    return {name: part for name, part in checkpoint.parts.items() if store.is_intact(part.sha256)}


def _find_known(spec: DatasetSpec, store: Store) -> dict[str, FetchedPart]:
    """What the provider may be told we have: read without a fault by today's declaration, and intact.

    Bytes that could not be read, or that changed on disk, are asked for again.
    """
    ingested = store.last_ingested(spec.key)
    if ingested is None or ingested.question_sha256 != spec.question_sha256:
        return {}
    return {name: part for name, part in ingested.parts.items() if store.is_intact(part.sha256)}


def _fetch_parts(
    spec: DatasetSpec, client: Client, scratch: Path, known: dict[str, FetchedPart]
) -> Iterator[FetchedItem]:
    """The protocol's parts; a fault nobody foresaw fails those that had not come yet, and nothing else."""
    waiting = dict.fromkeys(spec.parts)
    try:
        for item in PROTOCOLS[spec.protocol].fetch_parts(spec, client, scratch, known):
            waiting.pop(item.part, None)
            yield item
    except (CircularityError, OSError):
        raise
    except Exception as error:  # noqa: BLE001 - a hostile answer must not stop the other data sets
        yield from (FailedPart(part, unforeseen(spec, part, error)) for part in waiting)


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
