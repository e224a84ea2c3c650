"""UNSD Global SDG Database, second route: pages of JSON (`GET Series/Data`).

What belongs here: this route's paths, envelope and fields. What does not: what all of UNSD's routes share
(unsd_series.py), pages (paging.py). The envelope was never recorded: whatever differs is refused, and the
error says what was expected.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl

from connectors.http import Client
from connectors.protocols.base import (
    Fail,
    FetchedItem,
    Known,
    Parsed,
    RawPart,
    UnchangedPart,
    check_price_base,
    compare_columns,
    failer,
    refuse_status,
)
from connectors.protocols.json_text import JsonNumber, read_json
from connectors.protocols.paging import Page, Paged, fetch_pages, is_count, split_pages
from connectors.protocols.unsd_series import (
    API,
    fetch_series,
    parse_series,
    producer_date,
)
from connectors.spec import DatasetSpec
from connectors.wire import Answer, Request

__all__ = ["fetch_parts", "parse", "producer_date"]

PAGE_SIZE = "50000"
FIELDS = [
    *("series", "seriesDescription", "geoAreaCode", "timePeriodStart", "value", "footnotes"),
    *("attributes", "dimensions"),
]
UNUSED_FIELDS = [
    *("goal", "target", "indicator", "seriesCount", "geoAreaName", "valueType", "time_detail"),
    *("timeCoverage", "upperBound", "lowerBound", "basePeriod", "source", "geoInfoUrl"),
]
_STEP = "run `circularity probe unsd`"
_COLUMNS = [
    *("series", "ref_area", "time_period", "value", "unit_measure", "flags", "nature", "comment_obs"),
]


def fetch_parts(spec: DatasetSpec, client: Client, scratch: Path, known: Known) -> Iterator[FetchedItem]:
    """Each listed series whose release is not the one we have, page by page."""

    def bring(part: str, release: str, deadline: float) -> RawPart | UnchangedPart:
        fail = failer(spec, part)

        def ask(number: int) -> Request:
            query = {"seriesCode": part, "pageSize": PAGE_SIZE, **spec.query, "page": str(number)}
            return Request(
                spec.provider,
                spec.dataset,
                part,
                f"{API}/Series/Data",
                query,
                owner=spec.owner,
                known=known.get(part) if number == 1 else None,
            )

        def read(answer: Answer, body: bytes) -> Page:
            refuse_status(answer.status, fail)
            head, rows = read_page(body, fail)
            # The rows are compared as sent: a page that repeats does so to the letter.
            return Page(*head, release, tuple(str(row) for row in rows))

        found = fetch_pages(Paged(ask, read), client, scratch, deadline, fail)
        return UnchangedPart(part, release) if isinstance(found, UnchangedPart) else found

    return fetch_series(spec, client, scratch, known, bring)


def parse(body: bytes, spec: DatasetSpec, part: str, snapshot_sha256: str) -> Parsed:
    """Observations of one series. Raises SourceError."""
    fail = failer(spec, part)
    pages = [read_page(chunk, fail) for chunk in split_pages(body)]
    rows = [row for _, page_rows in pages for row in page_rows]
    total = pages[0][0][2] if pages else 0
    if len(rows) != total:
        what = f"holds {len(rows)} rows where it declares {total}"
        fail(what, "refresh again", field="totalElements", transient=True, fault="T13")
    dimensions = spec.dimensions_of(part)
    found = [_cell(line, row, dimensions, fail) for line, row in enumerate(rows, start=1)]
    check_price_base(sorted({str(row["seriesDescription"]) for row in rows}), spec.price_base.get(part), fail)
    names = ["_line", *_COLUMNS, *(f"[{name}]" for name in dimensions)]
    schema = {name: pl.UInt32() if name == "_line" else pl.String() for name in names}
    return parse_series(pl.DataFrame(found, schema=schema, orient="row"), spec, part, snapshot_sha256)


def read_page(body: bytes, fail: Fail) -> tuple[tuple[int, int, int], list[dict[str, Any]]]:
    """((number, pages, total), rows) of one page."""
    answer = read_json(body, fail)
    if not isinstance(answer, dict):
        fail("answered JSON in an unknown form", f"{_STEP}; expected was one object", fault="P07")
    counts = [str(answer.get(name)) for name in ("pageNumber", "totalPages", "totalElements")]
    if not all(map(is_count, counts)):
        step = f"{_STEP}; expected were pageNumber, totalPages and totalElements"
        fail("answered a page without its numbers", step, field="page head", fault="P07")
    rows = answer.get("data")
    if not (isinstance(rows, list) and all(isinstance(row, dict) for row in rows)):
        fail(
            "answered a page without rows", f"{_STEP}; expected was a list `data`", field="data", fault="P07"
        )
    if not rows:
        step = "check whether the code still exists; empty means unknown, never zero"
        fail("answered no rows", step, value="0 rows", fault="T14")
    number, pages, total = (int(count) for count in counts)
    return (number, pages, total), rows


def _cell(line: int, row: dict[str, Any], dimensions: tuple[str, ...], fail: Fail) -> tuple[Any, ...]:
    compare_columns(list(row), FIELDS, UNUSED_FIELDS, fail)
    attributes, codes, notes = row["attributes"], row["dimensions"], row["footnotes"]
    shaped = isinstance(attributes, dict) and isinstance(codes, dict) and isinstance(notes, list)
    if not shaped:
        step = f"{_STEP}; expected were the objects attributes and dimensions, and a list footnotes"
        fail(f"has a row in an unknown form (row {line})", step, field="data", fault="P07")
    compare_columns(list(attributes), ["Nature", "Units"], ["Observation Status"], fail)
    compare_columns(list(codes), list(dimensions), [], fail)
    value = row["value"]
    if not isinstance(value, str) or isinstance(value, JsonNumber):
        step = f"{_STEP}; expected was text, as UNSD writes all its values"
        what = f"holds a value that is not text in row {line}"
        fail(what, step, field="value", value=str(value), fault="P07")
    return (
        line,
        str(row["series"]),
        str(row["geoAreaCode"]),
        str(row["timePeriodStart"]).removesuffix(".0"),
        value,
        str(attributes["Units"] or ""),
        str(attributes.get("Observation Status") or ""),
        str(attributes["Nature"] or ""),
        "; ".join(str(note) for note in notes if note),
        *(str(codes[name]) for name in dimensions),
    )
