"""World Bank API v2, JSON: pages of one indicator for all areas; every error comes with status 200.

What belongs here: this API's paths, pages and fields. What does not: shared rules (rows.py).
The pages of one part are one snapshot: a JSON text sequence (RFC 7464), each page preceded by byte 1E,
unchanged.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import polars as pl

from connectors.errors import SourceError
from connectors.http import DATASET_SECONDS, Client
from connectors.protocols.base import (
    Fail,
    FailedPart,
    FetchedItem,
    JsonNumber,
    Known,
    Parsed,
    RawPart,
    UnchangedPart,
    accepted,
    check_price_base,
    failer,
    read_json,
    unpack,
)
from connectors.protocols.rows import Rules, to_parsed
from connectors.records import FetchedPart
from connectors.spec import DatasetSpec
from connectors.wire import Request

RULES = Rules(missing=frozenset({""}), flags="sdmx")
SEPARATOR = b"\x1e"
MAX_PAGES = 1000
ROW_FIELDS = frozenset(
    {"indicator", "country", "countryiso3code", "date", "value", "unit", "obs_status", "decimal"}
)


def fetch_parts(spec: DatasetSpec, client: Client, scratch: Path, known: Known) -> Iterator[FetchedItem]:
    """Bring all pages; when the database changes between two pages, start again once."""
    part = spec.parts[0]
    deadline = client.deadline_in(DATASET_SECONDS)
    try:
        for attempt in (1, 2):
            try:
                yield _fetch_pages(spec, client, scratch, deadline, known.get(part))
                return
            except _ChangedBetweenPagesError as change:
                if attempt == 2:
                    failer(spec, part)(
                        "changed between its pages, twice",
                        "refresh again later",
                        field="lastupdated, total",
                        value=str(change),
                        transient=True,
                    )
    except SourceError as error:
        yield FailedPart(part, error)


def parse(body: bytes, spec: DatasetSpec, part: str, snapshot_sha256: str) -> Parsed:
    """Observations of one indicator. Raises SourceError."""
    fail = failer(spec, part)
    pages = [_page(chunk, fail) for chunk in body.split(SEPARATOR) if chunk]
    rows = [row for _, page_rows in pages for row in page_rows]
    total = int(pages[0][0]["total"]) if pages else 0
    if len(rows) != total:
        fail(
            f"holds {len(rows)} rows where it declares {total}",
            "refresh again",
            field="total",
            transient=True,
        )
    titles = {str(row["indicator"].get("value")) for row in rows if isinstance(row.get("indicator"), dict)}
    check_price_base(sorted(titles), spec.price_base.get(part), fail)
    found = [_cell(line, row, spec, fail) for line, row in enumerate(rows, start=1)]
    # An equal row twice is no harmless repetition here: pages overlapped, and other rows are missing.
    if len({(cell[2], cell[3]) for cell in found}) != total:
        what = "repeats rows: its pages overlap, so others are missing"
        fail(what, "refresh again", field="countryiso3code, date", transient=True)
    cells = pl.DataFrame(found, schema=_CELLS, orient="row")
    return to_parsed(cells, spec, part, snapshot_sha256, RULES)


def producer_date(version_marker: str) -> str:
    """`lastupdated` is a day already."""
    return version_marker


class _ChangedBetweenPagesError(Exception):
    """Two pages belong to different states of the database."""


def _fetch_pages(
    spec: DatasetSpec, client: Client, scratch: Path, deadline: float, known: FetchedPart | None
) -> RawPart | UnchangedPart:
    part = spec.parts[0]
    fail = failer(spec, part)
    whole = scratch / f"{part}.json-seq"
    first: dict[str, Any] = {}
    every_row: list[Any] = []
    page = 1
    validators: tuple[str | None, str | None] = (None, None)
    with whole.open("wb") as out:
        while True:
            request = _request(spec, part, page, known if page == 1 else None)
            answer = client.fetch(request, scratch / f"{part}.page", deadline=deadline)
            if answer.not_modified:
                return UnchangedPart(part)
            validators = validators if page > 1 else (answer.etag, answer.last_modified)
            body = unpack(answer.path.read_bytes(), fail)
            head, rows = _page(body, fail)
            first = first or head
            if (head["lastupdated"], head["total"]) != (first["lastupdated"], first["total"]):
                raise _ChangedBetweenPagesError(f"{first['lastupdated']} and {head['lastupdated']}")
            if int(head["page"]) != page or int(first["pages"]) > MAX_PAGES:
                fail(
                    f"answered page {head['page']} of {head['pages']} when page {page} was asked", "report it"
                )
            every_row += rows
            out.write(SEPARATOR + body)
            if page >= int(first["pages"]):
                break
            page += 1
    _refuse_overlap(every_row, int(first["total"]))
    raw = accepted(request, answer, str(first["lastupdated"]), whole)
    # The snapshot is all pages: its address is the question, not the number of the last page.
    # The next conditional question is about the first page: its head names the state of the database.
    return replace(
        raw,
        url=_without_page(raw.url),
        params=dict(spec.query),
        etag=validators[0],
        last_modified=validators[1],
    )


def _without_page(url: str) -> str:
    parts = urlsplit(url)
    kept = [(name, value) for name, value in parse_qsl(parts.query) if name != "page"]
    return urlunsplit(parts._replace(query=urlencode(kept)))


def _refuse_overlap(rows: list[Any], total: int) -> None:
    """Pages overlap when a key comes twice; rows of an unknown form are left to `parse`."""
    if len(rows) != total:
        raise _ChangedBetweenPagesError(f"{len(rows)} rows came where {total} were declared")
    names = ("countryiso3code", "country", "date")
    keys = [
        json.dumps([row[name] for name in names])
        for row in rows
        if isinstance(row, dict) and set(names) <= set(row)
    ]
    if len(set(keys)) != len(keys):
        raise _ChangedBetweenPagesError(f"{len(keys) - len(set(keys))} rows came twice")


def _request(spec: DatasetSpec, part: str, page: int, known: FetchedPart | None) -> Request:
    path = f"v2/country/all/indicator/{spec.code}"
    return Request(
        spec.provider,
        spec.dataset,
        part,
        path,
        {**spec.query, "page": str(page)},
        owner=spec.owner,
        known=known,
    )


def _page(body: bytes, fail: Fail) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """(head, rows) of one page; an error object with status 200 is told with its own code and text."""
    answer = read_json(body, fail)
    if isinstance(answer, list) and answer and isinstance(answer[0], dict) and "message" in answer[0]:
        what = "answered an error with status 200"
        fail(what, "check the indicator's code", field="message", value=json.dumps(answer[0]["message"]))
    if not (isinstance(answer, list) and len(answer) == 2 and isinstance(answer[0], dict)):
        fail("answered JSON in an unknown form", "run `circularity probe`", field="page head")
    if not answer[1]:
        fail("answered no rows", "check whether the code still exists; empty means unknown, never zero")
    counts = [str(answer[0].get(name)) for name in ("page", "pages", "total")]
    if not all(count.isdecimal() for count in counts) or not isinstance(answer[0].get("lastupdated"), str):
        fail("answered JSON in an unknown form", "run `circularity probe`", field="page head")
    if not (isinstance(answer[1], list) and all(isinstance(row, dict) for row in answer[1])):
        fail("answered JSON in an unknown form", "run `circularity probe`", field="rows of a page")
    return answer[0], answer[1]


_CELLS = pl.Schema(
    {
        "_line": pl.UInt32(),
        **dict.fromkeys(
            (
                "series",
                "ref_area",
                "time_period",
                "dimensions",
                "value",
                "unit_measure",
                "flags",
                "conf",
                "nature",
            ),
            pl.String(),
        ),
        "comment_obs": pl.String(),
    }
)


def _cell(line: int, row: dict[str, Any], spec: DatasetSpec, fail: Fail) -> tuple[Any, ...]:
    nested = isinstance(row, dict) and all(isinstance(row.get(n), dict) for n in ("indicator", "country"))
    if not nested or not set(row) >= ROW_FIELDS:
        lost = ROW_FIELDS - set(row) if nested else {"indicator", "country"}
        fail(f"lost fields in row {line}", "run `circularity probe`", field=", ".join(sorted(lost)))
    value = row["value"]
    if value is not None and not isinstance(value, JsonNumber):
        fail(
            f"holds a value that is not a number in row {line}",
            "ask the provider",
            field="value",
            value=str(value),
        )
    if row["indicator"].get("id") != spec.code:
        fail(
            "answered another indicator",
            "report it",
            field="indicator",
            value=str(row["indicator"].get("id")),
        )
    return (
        line,
        spec.code,
        # Some aggregates have no three-letter code.
        str(row["countryiso3code"] or row["country"].get("id")),
        str(row["date"]),
        "{}",
        "" if value is None else str(value),
        row["unit"] or spec.units["all"][0],
        row["obs_status"] or "",
        "",
        "UNKNOWN",
        None,
    )
