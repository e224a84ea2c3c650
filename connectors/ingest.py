"""From snapshots to a vintage: read what stands for every part, and write it down if it says something new.

What belongs here: what is kept when a part cannot be read, when a vintage is new. What does not: bringing
bytes (refresh.py), wire formats (protocols/), the canonical table (observations.py).

Source trouble never raises from here: it is returned, and the last good vintage stands.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

import polars as pl

from connectors.assembly import Assembled, assemble
from connectors.code_identity import code_sha256
from connectors.errors import CircularityError, SourceError
from connectors.protocols import PROTOCOLS
from connectors.records import FetchRecord, IngestRecord, PartState, Vintage, utc_text
from connectors.spec import DatasetSpec
from connectors.store import Store

Outcome = Literal["new", "unchanged", "kept", "absent"]


@dataclass(frozen=True)
class IngestResult:
    """What became of a data set.

    `outcome`: new (a new vintage), unchanged (same content), kept (could not be refreshed, the last good
    vintage stands), absent (there is no vintage at all). `vintage` is the one that stands now, None if
    absent. `read` says whether any bytes were read: not when nothing changed since they last were.
    """

    key: str
    outcome: Outcome
    vintage: Vintage | None
    errors: dict[str, SourceError]
    warnings: tuple[str, ...] = ()
    read: bool = True


@dataclass(frozen=True)
class _Part:
    """What became of a part; its table is None where nothing stands for it."""

    state: PartState
    table: pl.DataFrame | None
    quarantine: list[dict[str, Any]]
    warnings: tuple[str, ...] = ()

    def without_table(self) -> _Part:
        """The same, free to be kept while the other parts are read."""
        return replace(self, table=None)


def ingest_dataset(spec: DatasetSpec, store: Store, now: datetime) -> IngestResult:
    """Read what the last fetch brought; write a new vintage only if the content changed.

    Raises StoreError only.

    `now` becomes part of no artefact; it is checked, so that a clock set back is noticed where it can be
    explained.
    """
    with store.locked(spec.key):
        latest = store.latest_vintage(spec.key)
        record = store.last_fetched(spec.key)
        if record is None:
            return IngestResult(spec.key, "unchanged" if latest else "absent", latest, {}, read=False)
        if latest is not None and _was_read(spec, store.last_ingested(spec.key), record, latest):
            result = IngestResult(spec.key, "unchanged", latest, {}, read=False)
        else:
            result = _ingest(spec, store, record, latest)
        _remember(spec, store, record, result)
    if record.at > utc_text(now):
        note = "the clock of this machine is before the time of the last fetch"
        return replace(result, warnings=(note, *result.warnings))
    return result


def _was_read(spec: DatasetSpec, ingested: IngestRecord | None, record: FetchRecord, latest: Vintage) -> bool:
    """Whether these very bytes were read before, by this code and this declaration, without a fault."""
    if ingested is None or record.errors:
        return False
    read_by = (ingested.spec_sha256, ingested.code_sha256, ingested.vintage)
    same_bytes = _hashes(ingested.parts) == _hashes(record.parts)
    return same_bytes and read_by == (spec.spec_sha256, code_sha256(), latest.vintage)


def _remember(spec: DatasetSpec, store: Store, record: FetchRecord, result: IngestResult) -> None:
    """Write down what may count as known when the provider is asked next."""
    if result.outcome not in ("new", "unchanged") or result.vintage is None:
        return
    good = {name: part for name, part in record.parts.items() if name not in result.errors}
    store.put_ingested(
        IngestRecord(
            dataset=spec.key,
            spec_sha256=spec.spec_sha256,
            code_sha256=code_sha256(),
            parts=good,
            vintage=result.vintage.vintage,
        )
    )


def _hashes(parts: dict[str, Any]) -> dict[str, str]:
    return {name: part.sha256 for name, part in parts.items()}


def _ingest(spec: DatasetSpec, store: Store, record: FetchRecord, latest: Vintage | None) -> IngestResult:
    errors = {part: SourceError.from_record(facts) for part, facts in record.errors.items()}
    parts: dict[str, _Part] = {}

    def tables() -> Iterator[tuple[str, pl.DataFrame]]:
        for name in _part_names(spec, record, latest):
            part = _ingest_part(spec, name, store, record, latest, errors)
            parts[name] = part.without_table()
            if part.table is not None:
                yield name, part.table

    with store.scratch() as folder:
        assembled = None
        try:
            assembled = assemble(tables(), folder, spec.provider, spec.dataset)
        except SourceError as error:  # a kept snapshot cannot be read today, or two parts overlap
            errors[error.part or spec.parts[0]] = error
            parts.clear()
        return _judge(spec, store, latest, parts, errors, assembled)


def _judge(
    spec: DatasetSpec,
    store: Store,
    latest: Vintage | None,
    parts: dict[str, _Part],
    errors: dict[str, SourceError],
    assembled: Assembled | None,
) -> IngestResult:
    """Whether what was read becomes a vintage."""
    errors = {part: _explained(error, spec, parts.get(part), latest) for part, error in errors.items()}
    warnings = tuple(warning for part in parts.values() for warning in part.warnings)
    if assembled is None or not any(part.state.status == "fresh" for part in parts.values()):
        return IngestResult(spec.key, "kept" if latest else "absent", latest, errors, warnings)
    vintage = _describe(spec, store, parts, latest, assembled)
    if latest and vintage.content_sha256 == latest.content_sha256:
        return IngestResult(spec.key, "unchanged", latest, errors, warnings)
    newest = max(_date(spec, part.state) for part in parts.values() if part.state.status == "fresh")
    if latest and newest < latest.producer_date:
        note = f"the provider went back from {latest.producer_date} to {newest}; the newer vintage was kept"
        return IngestResult(spec.key, "kept", latest, errors, (*warnings, note))
    quarantine = [row for part in parts.values() for row in part.quarantine]
    stored = store.put_vintage(vintage, assembled.path, quarantine)
    return IngestResult(spec.key, "new", stored, errors, warnings)


def _part_names(spec: DatasetSpec, record: FetchRecord, latest: Vintage | None) -> list[str]:
    """The parts of the vintage to be: those declared, or those the provider has or had."""
    if spec.parts_are_declared:
        return list(spec.parts)
    found = {*record.parts, *record.errors, *(latest.parts if latest else ())}
    return sorted(found - set(spec.parts))


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
            return _read_part(spec, part, store, record.parts[part].sha256, "fresh", None)
        except SourceError as error:
            errors[part] = error
    if part not in errors:
        errors[part] = _not_fetched(spec, part)
    reason = errors[part].what
    if before is not None and before.sha256 is not None:
        return _read_part(spec, part, store, before.sha256, "kept", reason)
    return _Part(PartState(status="absent", reason=reason), None, [])


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
    except Exception as error:  # noqa: BLE001 - as in refresh._fetch_parts: the bytes are a stranger's
        raise unforeseen(spec, part, error) from error
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
    spec: DatasetSpec,
    store: Store,
    parts: dict[str, _Part],
    latest: Vintage | None,
    assembled: Assembled,
) -> Vintage:
    """The vintage these parts would make."""
    content = assembled.content_sha256
    sequence = latest.sequence + 1 if latest else 1
    dated = max(_date(spec, part.state) for part in parts.values() if part.state.sha256)
    name = f"{dated}.{content[:8]}"
    if any(vintage.vintage == name for vintage in store.list_vintages(spec.key)):
        name += f".{sequence}"  # the provider went back to an older content without moving its marker
    return Vintage(
        provider=spec.provider,
        dataset=spec.dataset,
        vintage=name,
        sequence=sequence,
        producer_date=dated,
        content_sha256=content,
        raw_sha256=_raw_sha256(parts),
        observations_sha256="",
        rows=assembled.rows,
        areas=assembled.areas,
        first_year=assembled.first_year,
        last_year=assembled.last_year,
        parts={name: part.state for name, part in parts.items()},
        spec_sha256=spec.spec_sha256,
        licence=spec.licence,
        citation=spec.citation,
        illustrative=store.illustrative,
        quarantined=sum(len(part.quarantine) for part in parts.values()),
    )


def _raw_sha256(parts: dict[str, _Part]) -> str:
    """One hash over the snapshots of all parts, in the order of their names."""
    named = {name: part.state.sha256 for name, part in parts.items()}
    return hashlib.sha256(json.dumps(named, sort_keys=True).encode()).hexdigest()


def _date(spec: DatasetSpec, state: PartState) -> str:
    return PROTOCOLS[spec.protocol].producer_date(state.version_marker or "")


def unforeseen(spec: DatasetSpec, part: str, error: Exception) -> SourceError:
    """What is said of bytes nobody thought of."""
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
