"""From snapshots to a vintage: read what stands for every part, and write it down if it says something new.

What belongs here: what is kept when a part cannot be read, when a vintage is new. What does not: bringing
bytes (refresh.py), reading one snapshot (reading.py), what may follow the last good one (continuity.py), the
facts of a vintage (vintages.py), the sentences (telling.py).

Source trouble never raises from here: it is returned, and the last good vintage stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

import polars as pl

from connectors import telling, vintages
from connectors.assembly import Assembled, assemble
from connectors.code_identity import code_sha256
from connectors.continuity import Continuity, without_held_back
from connectors.disk import disk_errors
from connectors.errors import SourceError
from connectors.protocols.base import Parsed
from connectors.reading import read_snapshot, register_of
from connectors.records import (
    FetchedPart,
    FetchRecord,
    IngestRecord,
    PartState,
    SourceWarning,
    Vintage,
    utc_text,
)
from connectors.spec import DatasetSpec
from connectors.store import Store
from connectors.vintages import Part, date_of

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

    @property
    def sentences(self) -> tuple[str, ...]:
        """The errors in words; what is said of many parts is said once."""
        return telling.sentences(self.errors.values())


def ingest_dataset(spec: DatasetSpec, store: Store, now: datetime) -> IngestResult:
    """Read what the last fetch brought; write a new vintage only if it says something new.

    Raises StoreError only.

    `now` becomes part of no artefact; it is checked, so that a clock set back is noticed where it can be
    explained.
    """
    with store.locked(spec.key), disk_errors(store.root / "observations" / spec.key):
        latest = store.latest_vintage(spec.key)
        record = store.last_fetched(spec.key)
        if record is None:
            return IngestResult(spec.key, "unchanged" if latest else "absent", latest, {}, read=False)
        ingested = store.last_ingested(spec.key)
        if latest is not None and ingested is not None and _was_read(spec, ingested, record, latest):
            result = IngestResult(spec.key, "unchanged", latest, _told(spec, ingested, latest), read=False)
        else:
            result = _ingest(spec, store, record, latest)
        _remember(spec, store, record, ingested, result)
    if record.at > utc_text(now):
        note = "the clock of this machine is before the time of the last fetch"
        return replace(result, warnings=(note, *result.warnings))
    return result


def _was_read(spec: DatasetSpec, ingested: IngestRecord, record: FetchRecord, latest: Vintage) -> bool:
    """Whether these very bytes were read before, with these errors, by this code and this declaration."""
    read = (ingested.fetched_sha256, ingested.question_sha256, ingested.code_sha256, ingested.vintage)
    return read == (record.brought_sha256, spec.question_sha256, code_sha256(), latest.vintage)


def _told(spec: DatasetSpec, ingested: IngestRecord, latest: Vintage) -> dict[str, SourceError]:
    """The errors told when these bytes were read, with what stands now."""
    errors = {part: SourceError.from_record(facts) for part, facts in ingested.errors.items()}
    return {
        part: telling.explained(error, spec, latest.parts.get(part), latest) for part, error in errors.items()
    }


def _remember(
    spec: DatasetSpec, store: Store, record: FetchRecord, before: IngestRecord | None, result: IngestResult
) -> None:
    """Write down what may count as known when the provider is asked next."""
    if result.outcome not in ("new", "unchanged") or result.vintage is None:
        return
    good = {name: part for name, part in record.parts.items() if name not in result.errors}
    if before is not None and before.question_sha256 == spec.question_sha256:
        refused = {name for name, error in result.errors.items() if error.fault == "T21"}
        good |= _still_known(before, record.parts.keys() - refused, result.vintage)
    store.put_ingested(
        IngestRecord(
            dataset=spec.key,
            question_sha256=spec.question_sha256,
            code_sha256=code_sha256(),
            fetched_sha256=record.brought_sha256,
            parts=dict(sorted(good.items())),
            errors={part: error.as_record() for part, error in sorted(result.errors.items())},
            vintage=result.vintage.vintage,
        )
    )


def _still_known(before: IngestRecord, came: set[str], vintage: Vintage) -> dict[str, FetchedPart]:
    """What stands although it did not come this time: not listed, not asked, not reached, or too old."""
    return {
        name: part
        for name, part in before.parts.items()
        if name not in came and name in vintage.parts and vintage.parts[name].sha256 == part.sha256
    }


def _ingest(spec: DatasetSpec, store: Store, record: FetchRecord, latest: Vintage | None) -> IngestResult:
    errors = {part: SourceError.from_record(facts) for part, facts in record.errors.items()}
    parts: dict[str, Part] = {}
    reader = _Reader(spec, store, record, latest, errors)
    names, dropped = _part_names(spec, record, latest)

    def tables() -> Iterator[tuple[str, pl.DataFrame]]:
        for name in names:
            part = reader.read(name)
            parts[name] = part.without_table()
            if part.table is not None:
                yield name, part.table

    warnings = (telling.dropped_parts(dropped),) if dropped else ()
    if not spec.parts_are_declared and not record.parts:  # nothing came: what stands need not be read
        return _judge(spec, store, record, latest, parts, errors, warnings, None)
    with store.scratch() as folder:
        assembled = None
        try:
            assembled = assemble(tables(), folder, spec.provider, spec.dataset)
        except SourceError as error:  # a kept snapshot cannot be read today, or two parts overlap
            errors[error.part or spec.parts[0]] = error
            parts.clear()
        return _judge(spec, store, record, latest, parts, errors, warnings, assembled)


def _judge(
    spec: DatasetSpec,
    store: Store,
    record: FetchRecord,
    latest: Vintage | None,
    parts: dict[str, Part],
    errors: dict[str, SourceError],
    warnings: tuple[SourceWarning, ...],
    assembled: Assembled | None,
) -> IngestResult:
    """Whether what was read becomes a vintage."""
    states = {name: part.state for name, part in parts.items()}
    errors = {
        part: telling.explained(error, spec, states.get(part), latest) for part, error in errors.items()
    }
    told = tuple(map(str, vintages.news_of(parts, warnings, latest)))
    kept = IngestResult(spec.key, "kept" if latest else "absent", latest, errors, told)
    if assembled is None or not any(state.status == "fresh" for state in states.values()):
        return kept
    if not assembled.rows:
        errors[spec.parts[0]] = telling.explained(telling.no_rows(spec, len(parts)), spec, None, latest)
        return kept
    vintage = vintages.describe(spec, store, record, parts, warnings, latest, assembled)
    same_rows = latest is not None and vintage.content_sha256 == latest.content_sha256
    if latest is not None and same_rows and not vintages.says_more(vintage, latest):
        return replace(kept, outcome="unchanged")
    quarantine = [row for part in parts.values() for row in part.quarantine]
    stored = store.put_vintage(vintage, assembled.path, quarantine)
    return replace(kept, outcome="new", vintage=stored)


def _part_names(
    spec: DatasetSpec, record: FetchRecord, latest: Vintage | None
) -> tuple[list[str], list[str]]:
    """The parts of the vintage to be: those declared, or those the provider has or had. Then those that stand
    and are left out, which only happens when another question was asked and its list of parts came.
    """
    if spec.parts_are_declared:
        return list(spec.parts), []
    found = {*record.parts, *record.errors} - set(spec.parts)
    if latest is None:
        return sorted(found), []
    standing = {name for name, state in latest.parts.items() if state.sha256 is not None}
    is_same_question = latest.question_sha256 in ("", record.question_sha256)
    if is_same_question or spec.parts[0] in record.errors:
        return sorted(found | standing), []
    return sorted(found), sorted(standing - found)


class _Reader:
    """Reads the parts of one data set; why one is not fresh is added to `errors`."""

    def __init__(
        self,
        spec: DatasetSpec,
        store: Store,
        record: FetchRecord,
        latest: Vintage | None,
        errors: dict[str, SourceError],
    ) -> None:
        """Read nothing yet but the records of the vintages."""
        self._spec, self._store, self._record, self._errors = spec, store, record, errors
        self._standing = latest.parts if latest else {}
        self._register = register_of(spec.key, store.illustrative)
        self._continuity = Continuity(spec, store, self._register)

    def read(self, name: str) -> Part:
        """The part as fetched, if it may follow what stands; else its last good snapshot; else absent."""
        if name in self._record.parts:
            try:
                return self._follow(name, self._record.parts[name])
            except SourceError as error:
                self._errors[name] = error
        return self._keep(name, telling.why_not_fresh(self._spec, name, self._errors).what)

    def _follow(self, name: str, fetched: FetchedPart) -> Part:
        """The part as fetched. Raises SourceError if it may not follow what stands."""
        manifest = self._store.get_manifest(self._spec.key, name, fetched.sha256)
        state = PartState(
            status="fresh",
            sha256=fetched.sha256,
            retrieved_at=manifest.retrieved_at,
            url=manifest.url,
            # What the provider says now: the manifest tells of the first time that these bytes came.
            version_marker=fetched.version_marker,
            bytes=manifest.bytes,
        )
        self._refuse_older(name, state)
        parsed = self._parse(name, state)
        followed = self._continuity.follow(parsed, name, fetched.sha256, date_of(self._spec, state))
        remembered = {"compared_sha256": followed.compared_sha256, "held_back": followed.held_back}
        return _as_part(state.model_copy(update=remembered), followed.parsed)

    def _refuse_older(self, name: str, state: PartState) -> None:
        """T21: other bytes, of an older release than the one that stands: a mirror after its restart."""
        before = self._standing.get(name)
        if before is None or before.sha256 in (None, state.sha256):
            return
        dates = date_of(self._spec, before), date_of(self._spec, state)
        if dates[1] < dates[0]:
            raise telling.went_back(self._spec, name, *dates)

    def _keep(self, name: str, reason: str) -> Part:
        """What stands, judged again as it was judged: its warnings and what was held back stay with it."""
        before = self._standing.get(name)
        if before is None or before.sha256 is None:
            return Part(PartState(status="absent", reason=reason))
        parsed = self._parse(name, before)
        state = before.model_copy(update={"status": "kept", "reason": reason})
        try:
            followed = self._continuity.follow(parsed, name, before.sha256, date_of(self._spec, before))
        except SourceError as error:  # rules made since then: what stands is not taken away by them
            text = f"stands, but would be refused today: {error.what}"
            told = SourceWarning(fault=error.fault, part=name, text=text)
            kept = without_held_back(parsed, before.held_back)
            return _as_part(state, replace(kept, warnings=(*kept.warnings, told)))
        return _as_part(state.model_copy(update={"held_back": followed.held_back}), followed.parsed)

    def _parse(self, name: str, state: PartState) -> Parsed:
        sha256 = state.sha256 or ""
        body = self._store.read_object(sha256)
        return read_snapshot(body, self._spec, name, sha256, date_of(self._spec, state), self._register)


def _as_part(state: PartState, parsed: Parsed) -> Part:
    return Part(state, parsed.table, tuple(parsed.quarantine), parsed.warnings)
