"""The vintage that parts would make, and whether it says more than the one that stands.

What belongs here: its name, its facts, the comparison. What does not: which snapshot stands for a part and
reading it (ingest.py), writing a vintage down (store.py).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from connectors.assembly import Assembled
from connectors.protocols import PROTOCOLS
from connectors.records import FetchRecord, PartState, SourceWarning, Vintage
from connectors.spec import DatasetSpec
from connectors.store import Store
from connectors.telling import facts_of, together


@dataclass(frozen=True)
class Part:
    """What became of a part; its table is None where nothing stands for it."""

    state: PartState
    table: pl.DataFrame | None = None
    quarantine: tuple[dict[str, Any], ...] = ()
    warnings: tuple[SourceWarning, ...] = ()

    def without_table(self) -> Part:
        """The same, free to be kept while the other parts are read."""
        return replace(self, table=None)


def describe(
    spec: DatasetSpec,
    store: Store,
    record: FetchRecord,
    parts: Mapping[str, Part],
    warnings: tuple[SourceWarning, ...],
    latest: Vintage | None,
    assembled: Assembled,
) -> Vintage:
    """The vintage these parts would make; `warnings` are those about the data set as a whole."""
    content = assembled.content_sha256
    sequence = latest.sequence + 1 if latest else 1
    dated = max(date_of(spec, part.state) for part in parts.values() if part.state.sha256)
    name = f"{dated}.{content[:8]}"
    if any(vintage.vintage == name for vintage in store.list_vintages(spec.key)):
        name += f".{sequence}"  # the same content once more under the same marker, as after going back to it
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
        question_sha256=record.question_sha256,
        licence=spec.licence,
        citation=spec.citation,
        illustrative=store.illustrative,
        quarantined=sum(len(part.quarantine) for part in parts.values()),
        warnings=together([*warnings, *(warning for part in parts.values() for warning in part.warnings)]),
    )


def news_of(
    parts: Mapping[str, Part], warnings: tuple[SourceWarning, ...], latest: Vintage | None
) -> tuple[SourceWarning, ...]:
    """What to tell of today: `warnings`, those of every fresh part, and of a kept one only what was not told
    with the vintage that stands.
    """
    said = {facts_of(warning) for warning in latest.warnings} if latest else set()
    news = [
        warning
        for part in parts.values()
        for warning in part.warnings
        if part.state.status == "fresh" or facts_of(warning) not in said
    ]
    return together([*warnings, *news])


def says_more(vintage: Vintage, latest: Vintage) -> bool:
    """Whether a vintage of the same rows is one of its own: a part came back that was kept, other series are
    held back, or there is something new to warn of.

    What only fell away (a part that failed today over the same rows, a warning about the step before) is no
    reason: the vintage that stands still says what is true of its rows.
    """
    told = {facts_of(warning) for warning in latest.warnings}
    if any(facts_of(warning) not in told for warning in vintage.warnings):
        return True
    both = [(state, latest.parts[name]) for name, state in vintage.parts.items() if name in latest.parts]
    return any(
        (now.status == "fresh" and before.status != "fresh") or set(now.held_back) != set(before.held_back)
        for now, before in both
    )


def date_of(spec: DatasetSpec, state: PartState) -> str:
    """The producer's date of a part, as the first half of a vintage id."""
    return PROTOCOLS[spec.protocol].producer_date(state.version_marker or "")


def _raw_sha256(parts: Mapping[str, Part]) -> str:
    """One hash over the snapshots of all parts, in the order of their names."""
    named = {name: part.state.sha256 for name, part in parts.items()}
    return hashlib.sha256(json.dumps(named, sort_keys=True).encode()).hexdigest()
