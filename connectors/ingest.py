"""From snapshots to a vintage: read what stands for every part, and write it down if it says something new.

What belongs here: what is kept when a part cannot be read, when a vintage is new. What does not: bringing
bytes (refresh.py), reading one snapshot (reading.py), what may follow the last good one (continuity.py).

Source trouble never raises from here: it is returned, and the last good vintage stands.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

import polars as pl

from connectors.assembly import Assembled, assemble
from connectors.code_identity import code_sha256
from connectors.continuity import Continuity, without_held_back
from connectors.disk import disk_errors
from connectors.errors import SourceError
from connectors.protocols import PROTOCOLS
from connectors.protocols.base import Parsed
from connectors.reading import read_snapshot, register_of
from connectors.records import FetchRecord, IngestRecord, PartState, SourceWarning, Vintage, utc_text
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
    warnings: tuple[SourceWarning, ...] = ()

    def without_table(self) -> _Part:
        """The same, free to be kept while the other parts are read."""
        return replace(self, table=None)


def ingest_dataset(spec: DatasetSpec, store: Store, now: datetime) -> IngestResult:
    """Read what the last fetch brought; write a new vintage only if the content changed.

    Raises StoreError only.

    `now` becomes part of no artefact; it is checked, so that a clock set back is noticed where it can be
    explained.
    """
    with store.locked(spec.key), disk_errors(store.root / "observations" / spec.key):
        latest = store.latest_vintage(spec.key)
        record = store.last_fetched(spec.key)
        if record is None:
            return IngestResult(spec.key, "unchanged" if latest else "absent", latest, {}, read=False)
        if latest is not None and _was_read(spec, store.last_ingested(spec.key), record, latest):
            result = IngestResult(
                spec.key, "unchanged", latest, _find_withdrawn(spec, record, latest), read=False
            )
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
    read_by = (ingested.question_sha256, ingested.code_sha256, ingested.vintage)
    same_bytes = _hashes(ingested.parts) == _hashes(record.parts)
    return same_bytes and read_by == (spec.question_sha256, code_sha256(), latest.vintage)


def _remember(spec: DatasetSpec, store: Store, record: FetchRecord, result: IngestResult) -> None:
    """Write down what may count as known when the provider is asked next."""
    if result.outcome not in ("new", "unchanged") or result.vintage is None:
        return
    good = {name: part for name, part in record.parts.items() if name not in result.errors}
    store.put_ingested(
        IngestRecord(
            dataset=spec.key,
            question_sha256=spec.question_sha256,
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
    continuity = Continuity(spec, store, register_of(spec.key, store.illustrative))

    def tables() -> Iterator[tuple[str, pl.DataFrame]]:
        for name in _part_names(spec, record, latest):
            part = _ingest_part(spec, name, store, record, latest, errors, continuity)
            parts[name] = part.without_table()
            if part.table is not None:
                yield name, part.table

    if not spec.parts_are_declared and not record.parts:  # nothing came: what stands need not be read
        return _judge(spec, store, latest, parts, errors, None)
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
    warnings = _told_once(warning for part in parts.values() for warning in part.warnings)
    if assembled is None or not any(part.state.status == "fresh" for part in parts.values()):
        return IngestResult(spec.key, "kept" if latest else "absent", latest, errors, warnings)
    if not assembled.rows:
        errors[spec.parts[0]] = _explained(_no_rows(spec, len(parts)), spec, None, latest)
        return IngestResult(spec.key, "kept" if latest else "absent", latest, errors, warnings)
    vintage = _describe(spec, store, parts, latest, assembled)
    if latest and vintage.content_sha256 == latest.content_sha256:
        return IngestResult(spec.key, "unchanged", latest, errors, warnings)
    if latest and (back := _went_back(spec, parts, latest)):
        note = f"the provider went back from {back[0]} to {back[1]}; the newer vintage was kept"
        return IngestResult(spec.key, "kept", latest, errors, (note,))
    quarantine = [row for part in parts.values() for row in part.quarantine]
    stored = store.put_vintage(vintage, assembled.path, quarantine)
    return IngestResult(spec.key, "new", stored, errors, warnings)


def _went_back(spec: DatasetSpec, parts: dict[str, _Part], latest: Vintage) -> tuple[str, str] | None:
    """The producer's dates of a part that came in an older state than the one which stands, or None."""
    for name, part in parts.items():
        before = latest.parts.get(name)
        if part.state.status == "fresh" and before is not None and before.sha256 is not None:
            dates = _date(spec, before), _date(spec, part.state)
            if dates[1] < dates[0]:
                return dates
    return None


def _told_once(warnings: Iterable[SourceWarning]) -> tuple[str, ...]:
    """The sentences of warnings; what is said of many parts is said once."""
    told: dict[tuple[str, str, tuple[str, ...]], list[SourceWarning]] = {}
    for warning in warnings:
        told.setdefault((warning.fault, warning.text, warning.facts), []).append(warning)
    return tuple(
        str(same[0]) if len(same) == 1 else f"{same[0]} (and so in {len(same) - 1} other parts)"
        for same in told.values()
    )


def _part_names(spec: DatasetSpec, record: FetchRecord, latest: Vintage | None) -> list[str]:
    """The parts of the vintage to be: those declared, or those the provider has or had."""
    if spec.parts_are_declared:
        return list(spec.parts)
    standing: set[str] = set()
    if latest is not None and latest.spec_sha256 == spec.spec_sha256:
        standing = {name for name, state in latest.parts.items() if state.sha256 is not None}
    found = {*record.parts, *record.errors, *standing}
    return sorted(found - set(spec.parts))


def _ingest_part(
    spec: DatasetSpec,
    part: str,
    store: Store,
    record: FetchRecord,
    latest: Vintage | None,
    errors: dict[str, SourceError],
    continuity: Continuity,
) -> _Part:
    """The part as fetched, if it may follow what stands; else its last good snapshot; else absent."""
    if part in record.parts:
        sha256 = record.parts[part].sha256
        try:
            state, parsed = _read_part(spec, part, store, sha256)
            followed = continuity.follow(parsed, part, sha256, _date(spec, state))
        except SourceError as error:
            errors[part] = error
        else:
            remembered = {"compared_sha256": followed.compared_sha256, "held_back": followed.held_back}
            read = followed.parsed
            state = state.model_copy(update=remembered)
            return _Part(state, read.table, read.quarantine, read.warnings)
    reason = _why_not_fresh(spec, part, errors).what
    before = latest.parts.get(part) if latest else None
    if before is None or before.sha256 is None:
        return _Part(PartState(status="absent", reason=reason), None, [])
    _, parsed = _read_part(spec, part, store, before.sha256)
    kept = without_held_back(parsed, before.held_back)
    state = before.model_copy(update={"status": "kept", "reason": reason})
    return _Part(state, kept.table, kept.quarantine, kept.warnings)


def _read_part(spec: DatasetSpec, part: str, store: Store, sha256: str) -> tuple[PartState, Parsed]:
    manifest = store.get_manifest(spec.key, part, sha256)
    state = PartState(
        status="fresh",
        sha256=sha256,
        retrieved_at=manifest.retrieved_at,
        url=manifest.url,
        version_marker=manifest.version_marker,
        bytes=manifest.bytes,
    )
    register = register_of(spec.key, store.illustrative)
    body = store.read_object(sha256)
    return state, read_snapshot(body, spec, part, sha256, _date(spec, state), register)


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
        warnings=tuple(warning for part in parts.values() for warning in part.warnings),
    )


def _raw_sha256(parts: dict[str, _Part]) -> str:
    """One hash over the snapshots of all parts, in the order of their names."""
    named = {name: part.state.sha256 for name, part in parts.items()}
    return hashlib.sha256(json.dumps(named, sort_keys=True).encode()).hexdigest()


def _date(spec: DatasetSpec, state: PartState) -> str:
    return PROTOCOLS[spec.protocol].producer_date(state.version_marker or "")


def _find_withdrawn(spec: DatasetSpec, record: FetchRecord, latest: Vintage) -> dict[str, SourceError]:
    """The parts that stand in the vintage and were not listed any more when everything else was unchanged."""
    errors: dict[str, SourceError] = {}
    for name in _part_names(spec, record, latest):
        if not spec.parts_are_declared and name not in record.parts:
            _why_not_fresh(spec, name, errors)
    return {name: _explained(error, spec, None, latest) for name, error in errors.items()}


def _why_not_fresh(spec: DatasetSpec, part: str, errors: dict[str, SourceError]) -> SourceError:
    """The error of a part, found among those known or added to them."""
    if part in errors:
        return errors[part]
    if not spec.parts_are_declared and spec.parts[0] in errors:
        return errors[spec.parts[0]]  # the list of parts could not be had: nothing is known of this one
    what, next_step, fault = (
        "was not part of the last fetch (the declaration is newer)",
        f"circularity refresh {spec.key}",
        "",
    )
    if not spec.parts_are_declared:
        what = "is withdrawn, as far as the provider tells: it lists it no more"
        next_step, fault = (
            "ask the provider; a person decides whether the last good figures may be used",
            "S07",
        )
    errors[part] = SourceError(
        spec.provider, spec.dataset, what, part=part, next_step=next_step, owner=spec.owner, fault=fault
    )
    return errors[part]


def _no_rows(spec: DatasetSpec, parts: int) -> SourceError:
    return SourceError(
        spec.provider,
        spec.dataset,
        f"answered no rows in any of {parts} parts",
        next_step="check the declared codes; empty means unknown, never zero",
        owner=spec.owner,
        fault="T14",
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
