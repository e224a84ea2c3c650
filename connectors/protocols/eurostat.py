"""Eurostat's dissemination API, with Comext: one data set whole, as SDMX-CSV, TSV or JSON-stat.

What belongs here: what is asked, in which order, by which of the three routes; when an answer is accepted.
What does not: the catalogue (eurostat_catalogue.py), answers without data (eurostat_answers.py), the queue
(eurostat_queue.py), pieces of years (eurostat_split.py), columns and flags (eurostat_cells.py).

A declaration names its route by `query.format`: SDMX-CSV, which can be cut into pieces and says when it was
updated; TSV; or JSON. Its `query.key` is the SDMX key, which is part of the path; the rest is sent as it
stands.
"""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from connectors.errors import SourceError
from connectors.http import DATASET_SECONDS, Client
from connectors.protocols.base import (
    Fail,
    FailedPart,
    FetchedItem,
    Known,
    Parsed,
    RawPart,
    UnchangedPart,
    accepted,
    failer,
    unpack,
)
from connectors.protocols.csv_table import read_csv
from connectors.protocols.eurostat_answers import raise_refusal, read_refusal
from connectors.protocols.eurostat_catalogue import Flow, ask_flow, read_time
from connectors.protocols.eurostat_cells import READERS, RULES, to_cells
from connectors.protocols.eurostat_queue import Body, TooBig, bring
from connectors.protocols.eurostat_split import Piece, UpdatedBetweenPiecesError, bring_in_pieces
from connectors.protocols.json_text import read_json
from connectors.protocols.rows import to_parsed
from connectors.records import FetchedPart
from connectors.spec import DatasetSpec
from connectors.wire import Request, name_format

API, COMEXT = "api/dissemination", "api/comext/dissemination"
_EMPTY = "check whether the code still exists; empty means unknown, never zero"
_PROBE = "run `circularity probe`"


def fetch_parts(spec: DatasetSpec, client: Client, scratch: Path, known: Known) -> Iterator[FetchedItem]:
    """Bring the whole data set, unless the catalogue or the service says that what stands is the newest."""
    part = spec.parts[0]
    try:
        yield _Fetch(spec, client, scratch).run(known.get(part))
    except SourceError as error:
        yield FailedPart(part, error)


def parse(body: bytes, spec: DatasetSpec, part: str, snapshot_sha256: str) -> Parsed:
    """Observations of one data set. Raises SourceError."""
    fail = failer(spec, part)
    data = unpack(body, fail)
    if (refusal := read_refusal(data, 200, fail)) is not None:
        raise_refusal(refusal, fail)
    form = _format(spec, fail)
    frame, updated = READERS[form](data, spec, fail)
    cells = to_cells(frame, updated, spec, fail)
    if form == "SDMX-CSV":
        # The cap is that of one answer, and was looked at as each came; together they may hold more.
        spec = spec.model_copy(update={"row_cap": None})
    return to_parsed(cells, spec, part, snapshot_sha256, RULES)


def producer_date(version_marker: str) -> str:
    """The day in a time of update, `2023-08-21T23:00:00`."""
    return version_marker[:10]


def api_of(code: str) -> str:
    """Comext has an address of its own; its data sets, and no others, are called DS-."""
    return COMEXT if code.upper().startswith("DS-") else API


class _Fetch:
    """One fetch of one data set: its deadline, its route, and what the catalogue said."""

    def __init__(self, spec: DatasetSpec, client: Client, scratch: Path) -> None:
        self.spec, self.client, self.scratch = spec, client, scratch
        self.part = spec.parts[0]
        self.fail = failer(spec, self.part)
        self.format = _format(spec, self.fail)
        self.api = api_of(str(spec.code))
        self.deadline = client.deadline_in(DATASET_SECONDS)
        self._flow: Flow | None = None

    def run(self, known: FetchedPart | None) -> RawPart | UnchangedPart:
        """Marker first, conditional request next, body last; in pieces if it is above the limit."""
        now = self._updated() if known is not None else None
        if known is not None and now == known.version_marker:
            return UnchangedPart(self.part)
        if self.format == "TSV":
            now = self._flow_or_fail().updated
            if now is None:
                what = "is TSV, which has no time of update, nor has the catalogue (expected: UPDATE_DATA)"
                self.fail(what, "declare the format SDMX-CSV", fault="P09")
        request = self._request(known)
        found = self._bring(request)
        if isinstance(found, TooBig):
            return self._in_pieces(found)
        if found is None:
            self.fail("answered no rows", _EMPTY, value="NO_RESULTS", fault="T14")
        if found.answer.not_modified:
            # The old marker stays: if a cache answered although there is news, the next refresh asks again.
            return UnchangedPart(self.part)
        marker = now if self.format == "TSV" else _marker(found.data, self.format, self.fail)
        return accepted(request, found.answer, str(marker))

    def _updated(self) -> str | None:
        """The catalogue's marker. Where it cannot be had, the conditional request decides."""
        try:
            return self._flow_or_fail().updated
        except SourceError:
            return None

    def _flow_or_fail(self) -> Flow:
        if self._flow is None:
            self._flow = ask_flow(self.spec, self.api, self.client, self.scratch, self.deadline)
        return self._flow

    def _request(self, known: FetchedPart | None, **period: str) -> Request:
        spec = self.spec
        service = "statistics/1.0" if self.format == "JSON" else "sdmx/2.1"
        path = f"{self.api}/{service}/data/{spec.code}"
        if key := spec.query.get("key"):
            if len(key.split(".")) != len(spec.dimensions):
                step = "correct the declaration: a key has one position, perhaps empty, for each dimension"
                self.fail(
                    "is declared with a key that does not fit its dimensions", step, field="key", value=key
                )
            path += f"/{key}"
        params = {name: value for name, value in spec.query.items() if name != "key"} | period
        return Request(spec.provider, spec.dataset, self.part, path, params, owner=spec.owner, known=known)

    def _bring(self, request: Request) -> Body | TooBig | None:
        into = self.scratch / self.part
        found = bring(request, self.api, self.client, into, self.deadline, self.fail)
        if isinstance(found, Body) and not found.answer.not_modified:
            _check_start(found.data, self.format, self.fail)
            # At least as many rows as the provider ever gives: they may have been cut off.
            rows = found.data.count(b"\n") - 1
            if self.format == "SDMX-CSV" and self.spec.row_cap is not None and rows >= self.spec.row_cap:
                return TooBig(f"probably truncated at {rows} rows", "T11", found.answer)
        return found

    def _in_pieces(self, refusal: TooBig) -> RawPart:
        if self.format != "SDMX-CSV":
            step = "declare the format SDMX-CSV, which can be asked in pieces"
            self.fail("is above the provider's limit", step, field="label", value=refusal.label, fault="T09")
        into = self.scratch / f"{self.part}.whole"
        for _ in range(2):
            try:
                bring_in_pieces(refusal, self._years(), self._ask_years, into, self.fail)
                break
            except UpdatedBetweenPiecesError:
                self._flow = None
        else:
            what = "changed between its pieces, twice"
            self.fail(what, "refresh again later", transient=True, field="LAST UPDATE", fault="T13")
        with into.open("rb") as whole:
            marker = _marker(b"".join(itertools.islice(whole, 2)), self.format, self.fail)
        # No validators: those of a piece say nothing of the whole.
        answer = replace(refusal.answer, status=200, etag=None, last_modified=None)
        return accepted(self._request(None), answer, marker, into)

    def _years(self) -> Flow:
        """Where to cut: the catalogue's years, within those that are declared; it may lag behind them."""
        flow, query = self._flow_or_fail(), self.spec.query
        if flow.oldest is None or flow.latest is None:
            return flow
        first, last = int(query.get("startPeriod", "0")[:4]), int(query.get("endPeriod", "9999")[:4])
        oldest = min(max(flow.oldest, first), last)
        return replace(flow, oldest=oldest, latest=max(min(flow.latest, last), oldest))

    def _ask_years(self, piece: Piece) -> Body | TooBig | None:
        """One piece; where it has no beginning or end, what is declared stands, if anything is."""
        named = zip(("startPeriod", "endPeriod"), piece, strict=True)
        return self._bring(
            self._request(None, **{name: str(year) for name, year in named if year is not None})
        )


def _format(spec: DatasetSpec, fail: Fail) -> str:
    name = spec.query.get("format", "")
    if name not in READERS:
        step = f"correct the declaration: choose one of {', '.join(READERS)}"
        fail("is declared with an unknown format", step, field="query.format", value=name)
    return name


def _check_start(data: bytes, form: str, fail: Fail) -> None:
    """Refuse a body that is not of the format asked for, or is cut short."""
    found = name_format(data)
    if found != ("JSON" if form == "JSON" else "something else"):
        first = data[:80].decode("utf-8", "replace")
        fail(f"was expected to be {form} and is {found}", _PROBE, field="answer", value=first, fault="T03")
    if form != "JSON" and not data.endswith(b"\n"):
        fail("is cut short: its last line is not complete", "refresh again", transient=True, fault="T05")


def _marker(data: bytes, form: str, fail: Fail) -> str:
    """The time of update that a body with rows gives for itself."""
    if form == "JSON":
        body = read_json(data, fail)
        name, text, is_empty = "updated", str(body.get("updated", "")), not body.get("value")
    else:
        first = read_csv(b"".join(itertools.islice(io.BytesIO(data), 2)), fail)
        row = {} if first.is_empty() else first.row(0, named=True)
        name, text, is_empty = "LAST UPDATE", row.get("LAST UPDATE", ""), not row
    if is_empty:
        fail("answered no rows", _EMPTY, value="0 rows", fault="T14")
    marker = read_time(text)
    if marker is None:
        fail("has no readable time of last update", _PROBE, field=name, value=text, fault="P09")
    return marker
