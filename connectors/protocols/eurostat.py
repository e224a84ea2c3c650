"""Eurostat SDMX-CSV 1.0: one whole data set, gzip without saying so, errors as SOAP faults or JSON.

What belongs here: this API's paths, columns, error bodies and vocabulary. What does not: shared rules
(rows.py).
"""

from __future__ import annotations

import codecs
import io
import itertools
import json
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import polars as pl

from connectors.errors import SourceError
from connectors.http import Client
from connectors.protocols.base import (
    Fail,
    FailedPart,
    FetchedItem,
    Known,
    Parsed,
    UnchangedPart,
    accepted,
    canonical_dimensions,
    check_text,
    compare_columns,
    failer,
    unpack,
)
from connectors.protocols.csv_table import read_csv
from connectors.protocols.rows import Rules, to_parsed
from connectors.spec import DatasetSpec
from connectors.wire import Answer, Request

API = "api/dissemination/sdmx/2.1/data"
RULES = Rules(missing=frozenset({"", ":"}), flags="eurostat_flag", small_when_n=True)
_FAULT = re.compile(r"<faultstring[^>]*>([^<]{1,400})")
_QUEUED = ("ASYNCHRONOUS_RESPONSE", "syncResponse", "asyncResponse", "SUBMITTED")


def fetch_parts(spec: DatasetSpec, client: Client, scratch: Path, known: Known) -> Iterator[FetchedItem]:
    """Bring the whole data set."""
    part = spec.parts[0]
    request = Request(
        spec.provider,
        spec.dataset,
        part,
        f"{API}/{spec.code}",
        dict(spec.query),
        owner=spec.owner,
        known=known.get(part),
    )
    try:
        answer = client.fetch(request, scratch / part)
        if answer.not_modified:
            yield UnchangedPart(part)
            return
        marker = _accept(answer, failer(spec, part))
    except SourceError as error:
        yield FailedPart(part, error)
        return
    yield accepted(request, answer, marker)


def parse(body: bytes, spec: DatasetSpec, part: str, snapshot_sha256: str) -> Parsed:
    """Observations of one data set. Raises SourceError."""
    fail = failer(spec, part)
    data = unpack(body, fail)
    _refuse_error_body(data, 200, fail)
    frame = read_csv(data, fail)
    head = frame.columns[1:]
    required = ["DATAFLOW", "LAST UPDATE", *spec.dimensions, "TIME_PERIOD", "OBS_VALUE", "OBS_FLAG"]
    compare_columns(head, required, ["CONF_STATUS"], fail)
    other = frame.filter(~pl.col("DATAFLOW").str.contains(f"^ESTAT:{re.escape(str(spec.code))}\\("))
    if other.height:
        fail(
            "answered another data set",
            "report it to the provider",
            field="DATAFLOW",
            value=other["DATAFLOW"][0],
        )
    dimensions = {name: name for name in spec.dimensions if name != "geo"}
    cells = frame.select(
        "_line",
        series=pl.lit(spec.code),
        ref_area="geo",
        time_period="TIME_PERIOD",
        dimensions=canonical_dimensions(frame, dimensions),
        value="OBS_VALUE",
        unit_measure="unit",
        flags=pl.col("OBS_FLAG").str.strip_chars(),
        conf=pl.col("CONF_STATUS").str.strip_chars() if "CONF_STATUS" in head else pl.lit(""),
        nature=pl.lit("UNKNOWN"),
        comment_obs=pl.lit(None, dtype=pl.String),
    )
    return to_parsed(cells, spec, part, snapshot_sha256, RULES)


def producer_date(version_marker: str) -> str:
    """The day in LAST UPDATE, written 21/08/23 23:00:00 without a time zone."""
    return datetime.strptime(version_marker, "%d/%m/%y %H:%M:%S").date().isoformat()


def _accept(answer: Answer, fail: Fail) -> str:
    """The version marker of a good body; a queued or error answer is no body."""
    data = check_text(unpack(answer.path.read_bytes(), fail), fail)
    _refuse_error_body(data, answer.status, fail)
    if not data.endswith(b"\n"):
        fail("is cut short: its last line is not complete", "refresh again", transient=True)
    first = read_csv(b"".join(itertools.islice(io.BytesIO(data), 2)), fail)
    if first.is_empty():
        fail("answered no rows", "check whether the code still exists; empty means unknown, never zero")
    marker = first.row(0, named=True).get("LAST UPDATE", "")
    try:
        producer_date(marker)
    except ValueError:
        fail(
            "has no readable time of last update",
            "run `circularity probe`",
            field="LAST UPDATE",
            value=marker,
        )
    return marker


def _refuse_error_body(data: bytes, status: int, fail: Fail) -> None:
    start = data.removeprefix(codecs.BOM_UTF8).lstrip()[:4000].decode("utf-8", "replace")
    if any(word in start for word in _QUEUED) and start[:1] in "<{":
        step = "refresh again in some minutes; large data sets are prepared in a queue"
        fail("put the request into its queue instead of answering", step, transient=True)
    if start.startswith("<"):
        found = _FAULT.search(start)
        label = found.group(1) if found else "an XML document without a fault text"
        fail(f"answered an error (status {status})", _step_for(label), field="faultstring", value=label)
    if start.startswith("{"):
        fail(f"answered an error (status {status})", _step_for(start), field="label", value=_label(start))
    if not start:
        fail("answered an empty body", "refresh again; empty means unknown, never zero", transient=True)
    if status != 200:
        fail(f"answered status {status}", "run `circularity probe`", value=start[:80])


def _label(text: str) -> str:
    try:
        body = json.loads(text)
    except ValueError:
        return text[:200]
    first = body.get("error") or body.get("warning") or body
    first = first[0] if isinstance(first, list) and first else first
    return str(first.get("label", first)) if isinstance(first, dict) else str(first)


def _step_for(label: str) -> str:
    if "TOO_BIG" in label:
        return "split the query of this data set: it is above the provider's limit"
    if "NOT_FOUND" in label:
        return "check whether the data set was withdrawn or renamed"
    return "run `circularity probe`"
