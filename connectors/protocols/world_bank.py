"""World Bank API v2, JSON: pages of one indicator for all areas; every error comes with status 200.

What belongs here: this API's paths, pages and fields. What does not: pages (paging.py),
shared rules (rows.py).
"""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterator
from pathlib import Path
from typing import Any

import polars as pl

from connectors.errors import SourceError
from connectors.http import DATASET_SECONDS, Client
from connectors.protocols.base import (
    Fail,
    FailedPart,
    FetchedItem,
    Known,
    Parsed,
    UnchangedPart,
    check_price_base,
    failer,
    refuse_status,
    unpack,
)
from connectors.protocols.json_text import JsonNumber, read_json
from connectors.protocols.paging import Page, Paged, fetch_pages, is_count, split_pages
from connectors.protocols.rows import Rules, to_parsed
from connectors.records import FetchedPart
from connectors.spec import DatasetSpec
from connectors.wire import Answer, Request

RULES = Rules(missing=frozenset({""}), flags="sdmx")
ROW_FIELDS = frozenset(
    {"indicator", "country", "countryiso3code", "date", "value", "unit", "obs_status", "decimal"}
)


def fetch_parts(spec: DatasetSpec, client: Client, scratch: Path, known: Known) -> Iterator[FetchedItem]:
    """Ask whether the database moved, and bring all pages if it did."""
    part = spec.parts[0]
    fail = failer(spec, part)
    deadline = client.deadline_in(DATASET_SECONDS)
    before = known.get(part)

    def ask(page: int) -> Request:
        return _request(spec, {"page": str(page)}, before if page == 1 else None)

    def read(answer: Answer, body: bytes) -> Page:
        refuse_status(answer.status, fail)
        head, rows = _page(body, fail)
        number, pages, total = (int(head[name]) for name in ("page", "pages", "total"))
        return Page(number, pages, total, str(head["lastupdated"]), _keys(rows, number))

    try:
        if before is not None and not ask(1).validators:
            request = _request(spec, {"per_page": "1", "page": "1"}, None)
            answer = client.fetch(request, scratch / f"{part}.head", deadline=deadline)
            if read(answer, unpack(answer.path.read_bytes(), fail)).state == before.version_marker:
                yield UnchangedPart(part)
                return
        yield fetch_pages(Paged(ask, read), client, scratch, deadline, fail)
    except SourceError as error:
        yield FailedPart(part, error)


def parse(body: bytes, spec: DatasetSpec, part: str, snapshot_sha256: str) -> Parsed:
    """Observations of one indicator. Raises SourceError."""
    fail = failer(spec, part)
    pages = [_page(chunk, fail) for chunk in split_pages(body)]
    rows = [row for _, page_rows in pages for row in page_rows]
    total = int(pages[0][0]["total"]) if pages else 0
    if len(rows) != total:
        fail(
            f"holds {len(rows)} rows where it declares {total}",
            "refresh again",
            field="total",
            transient=True,
            fault="T13",
        )
    titles = {str(row["indicator"].get("value")) for row in rows if isinstance(row.get("indicator"), dict)}
    check_price_base(sorted(titles), spec.price_base.get(part), fail)
    found = [_cell(line, row, spec, fail) for line, row in enumerate(rows, start=1)]
    # An equal row twice is no harmless repetition here: pages overlapped, and other rows are missing.
    if len({(cell[2], cell[3]) for cell in found}) != total:
        what = "repeats rows: its pages overlap, so others are missing"
        fail(what, "refresh again", field="countryiso3code, date", transient=True, fault="T13")
    cells = pl.DataFrame(found, schema=_CELLS, orient="row")
    return to_parsed(cells, spec, part, snapshot_sha256, RULES)


def producer_date(version_marker: str) -> str:
    """`lastupdated` is a day already."""
    return version_marker


def _request(spec: DatasetSpec, extra: dict[str, str], known: FetchedPart | None) -> Request:
    path = f"v2/country/all/indicator/{spec.code}"
    query = {**spec.query, **extra}
    return Request(spec.provider, spec.dataset, spec.parts[0], path, query, owner=spec.owner, known=known)


def _keys(rows: list[dict[str, Any]], page: int) -> tuple[Hashable, ...]:
    """What tells rows apart; one of an unknown form is nothing but its place, and is left to `parse`."""
    names = ("countryiso3code", "country", "date")
    return tuple(
        json.dumps([row[name] for name in names]) if set(names) <= set(row) else (page, place)
        for place, row in enumerate(rows)
    )


def _page(body: bytes, fail: Fail) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """(head, rows) of one page; an error object with status 200 is told with its own code and text."""
    answer = read_json(body, fail)
    if isinstance(answer, list) and answer and isinstance(answer[0], dict) and "message" in answer[0]:
        what = "answered an error with status 200"
        words = json.dumps(answer[0]["message"])
        fail(what, "check the indicator's code", field="message", value=words, fault="T04")
    if not (isinstance(answer, list) and len(answer) == 2 and isinstance(answer[0], dict)):
        fail("answered JSON in an unknown form", "run `circularity probe`", field="page head", fault="P07")
    if not answer[1]:
        step = "check whether the code still exists; empty means unknown, never zero"
        fail("answered no rows", step, fault="T14")
    counts = [str(answer[0].get(name)) for name in ("page", "pages", "total")]
    if not all(map(is_count, counts)) or not isinstance(answer[0].get("lastupdated"), str):
        fail("answered JSON in an unknown form", "run `circularity probe`", field="page head", fault="P07")
    if not (isinstance(answer[1], list) and all(isinstance(row, dict) for row in answer[1])):
        fail(
            "answered JSON in an unknown form", "run `circularity probe`", field="rows of a page", fault="P07"
        )
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
        names = ", ".join(sorted(lost))
        fail(f"lost fields in row {line}", "run `circularity probe`", field=names, fault="P07")
    value = row["value"]
    if value is not None and not isinstance(value, JsonNumber):
        fail(
            f"holds a value that is not a number in row {line}",
            "ask the provider",
            field="value",
            value=str(value),
            fault="V02",
        )
    if row["indicator"].get("id") != spec.code:
        fail(
            "answered another indicator",
            "report it",
            field="indicator",
            value=str(row["indicator"].get("id")),
            fault="T04",
        )
    return (
        line,
        spec.code,
        # Some aggregates have no three-letter code.
        str(row["countryiso3code"] or row["country"].get("id")),
        str(row["date"]),
        "{}",
        "" if value is None else str(value),
        str(row["unit"] or spec.units["all"][0]),
        str(row["obs_status"] or ""),
        "",
        "UNKNOWN",
        str(row.get("footnote") or "").strip() or None,
    )
