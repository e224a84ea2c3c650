"""UN Comtrade v1, final annual trade in goods: one part a reporter-year, found at run time.

What belongs here: the order of a fetch, when it stops, one part from bytes to observations. What does not:
questions and cap (comtrade_ask.py), the list of what there is (comtrade_plan.py), code lists
(comtrade_reference.py), rows (comtrade_rows.py).

Without a key the same data come through the preview, 500 rows at a time; a warning says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from connectors import observations
from connectors.errors import SourceError
from connectors.http import DATASET_SECONDS, Client
from connectors.protocols import comtrade_rows
from connectors.protocols.base import (
    FailedPart,
    FetchedItem,
    Known,
    Parsed,
    RawPart,
    UnchangedPart,
    failer,
)
from connectors.protocols.comtrade_ask import PREVIEW, bring_part, read_container, whole_question
from connectors.protocols.comtrade_plan import Plan, list_available, make_plan, marker_date
from connectors.protocols.comtrade_reference import Reference, load_reference, region_reporters
from connectors.protocols.rows import Rules, to_parsed
from connectors.records import SourceWarning
from connectors.spec import DatasetSpec
from connectors.telling import went_back

RULES = Rules(missing=frozenset({""}), flags="comtrade")
IN_A_ROW = 3
# Faults after which asking for the next part would meet the same refusal.
_STOPPING = frozenset({"T06", "T07", "T22"})


def fetch_parts(spec: DatasetSpec, client: Client, scratch: Path, known: Known) -> Iterator[FetchedItem]:
    """Ask what there is, then bring what changed, newest years first, until a quota or the time ends."""
    deadline = client.deadline_in(DATASET_SECONDS)
    try:
        reference = load_reference(spec, client, scratch, deadline)
        codes = whole_question(spec, "0-0").codes
        reference.refuse_unlisted_goods(codes, failer(spec, "all"))
        reporters, failed = _reporters(spec, reference)
        available = list_available(spec, client, reporters, scratch, deadline)
    except SourceError as error:
        yield FailedPart("all", error)
        return
    yield from failed
    plan = make_plan(available, known)
    yield from (UnchangedPart(part, marker) for part, marker in plan.unchanged.items())
    yield from _went_back(spec, plan, known)
    yield from _bring_all(spec, client, plan, reference, scratch, deadline)


def parse(body: bytes, spec: DatasetSpec, part: str, snapshot_sha256: str) -> Parsed:
    """Observations of one reporter-year, none where it traded nothing of the kind. Raises SourceError."""
    fail = failer(spec, part)
    answers, end = read_container(body, fail)
    del body
    frames: list[pl.DataFrame] = []
    warnings: list[SourceWarning] = []
    line = 0
    for question, rows in answers:
        totals, found = comtrade_rows.keep_totals(rows, question, part, fail)
        frames.append(totals.with_columns(pl.col("_line") + line))
        warnings += found
        line += rows.height
    rows = pl.concat(frames)
    del answers, frames, totals
    comtrade_rows.check_partners(rows, [str(code) for code in end["unlisted_partners"]], fail)
    warnings += comtrade_rows.check_sums(rows, part, fail)
    warnings += comtrade_rows.check_weights(rows, part)
    if end.get("route") == PREVIEW:
        text = "came through the preview, because no key is set; the figures are the same"
        warnings.append(SourceWarning(fault="T22", part=part, text=text))
    if rows.is_empty():
        return Parsed(observations.empty_table(), [], tuple(warnings))
    # The cap holds for one answer, and was judged for each of them when it came.
    uncapped = spec.model_copy(update={"row_cap": None})
    cells = comtrade_rows.to_cells(rows, spec)
    del rows
    parsed = to_parsed(cells, uncapped, part, snapshot_sha256, RULES)
    return Parsed(parsed.table, parsed.quarantine, (*warnings, *parsed.warnings))


def producer_date(version_marker: str) -> str:
    """The day of the newest release."""
    return marker_date(version_marker)


def _reporters(spec: DatasetSpec, reference: Reference) -> tuple[list[str], list[FailedPart]]:
    """The region's reporters that the provider lists, and one failed part for each that it does not."""
    good, failed = [], []
    for code, iso3 in region_reporters().items():
        try:
            reference.refuse_unlisted_reporter(code, iso3, failer(spec, code))
            good.append(code)
        except SourceError as error:
            failed.append(FailedPart(code, error))
    return good, failed


def _went_back(spec: DatasetSpec, plan: Plan, known: Known) -> Iterator[FailedPart]:
    for part, marker in plan.back.items():
        before = marker_date(known[part].version_marker)
        yield FailedPart(part, went_back(spec, part, before, marker_date(marker)))


def _bring_all(
    spec: DatasetSpec, client: Client, plan: Plan, reference: Reference, scratch: Path, deadline: float
) -> Iterator[FetchedItem]:
    """Every wanted part; after a refusal that the next one would meet as well, the rest is only named."""
    waiting = dict(plan.wanted)
    in_a_row = 0
    while waiting:
        part = next(iter(waiting))
        try:
            _refuse_late(spec, client, deadline)
            yield _bring(spec, client, part, waiting[part], reference, scratch, deadline)
            in_a_row = 0
        except SourceError as error:
            in_a_row = in_a_row + 1 if error.transient else 0
            if error.fault in _STOPPING or in_a_row >= IN_A_ROW or _is_late(client, deadline):
                stopped = _stopped(error, len(waiting), len(plan.wanted))
                yield from (FailedPart(name, stopped) for name in waiting)
                return
            yield FailedPart(part, error)
        del waiting[part]


def _is_late(client: Client, deadline: float) -> bool:
    return client.deadline_in(0.0) >= deadline


def _refuse_late(spec: DatasetSpec, client: Client, deadline: float) -> None:
    """Stop with the reason, before a provider's rate is blamed for what is our own limit."""
    if _is_late(client, deadline):
        failer(spec, "")(
            f"was not through after {DATASET_SECONDS / 60:.0f} minutes, the time one data set may take",
            "refresh again: it goes on where it stopped",
            transient=True,
            fault="T18",
        )


def _bring(
    spec: DatasetSpec,
    client: Client,
    part: str,
    marker: str,
    reference: Reference,
    scratch: Path,
    deadline: float,
) -> RawPart:
    brought = bring_part(spec, client, part, reference.partners, scratch, deadline)
    return RawPart(
        part,
        brought.path,
        brought.answer.url.partition("?")[0],
        "GET",
        brought.params,
        brought.answer.status,
        None,
        None,
        marker,
    )


def _stopped(error: SourceError, left: int, all_parts: int) -> SourceError:
    """Why the rest was not asked for: told once, not once a part."""
    facts = error.as_record()
    what = f"{error.what}; {left} of {all_parts} reporter-years wait"
    return SourceError.from_record({**facts, "what": what, "part": ""})
