"""UNSD Global SDG Database, the preferred route: one CSV a series (`POST Series/DataCSV`).

What belongs here: this route's path, columns and padding. What does not: what all of UNSD's routes share
(unsd_series.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from connectors.http import Client
from connectors.protocols.base import (
    Fail,
    FetchedItem,
    Known,
    Parsed,
    RawPart,
    UnchangedPart,
    accepted,
    check_price_base,
    check_text,
    compare_columns,
    failer,
    refuse_status,
    unpack,
)
from connectors.protocols.csv_table import read_csv
from connectors.protocols.unsd_series import (
    API,
    fetch_series,
    parse_series,
    producer_date,
)
from connectors.spec import DatasetSpec
from connectors.wire import Request

__all__ = ["fetch_parts", "parse", "producer_date"]

COLUMNS = [
    *("Goal", "Target", "Indicator", "SeriesCode", "SeriesDescription", "GeoAreaCode", "GeoAreaName"),
    *("TimePeriod", "Value", "Time_Detail", "UpperBound", "LowerBound", "BasePeriod", "Source", "FootNote"),
    *("[Nature]", "[Units]"),
]
STATUS_COLUMN = "[Observation Status]"
# They came later than the other columns.
LATER_COLUMNS = ["TimeCoverage", "GeoInfoUrl"]
# Nothing here needs them.
UNREAD_COLUMNS = [
    *("Goal", "Target", "Indicator", "GeoAreaName", "Time_Detail", "UpperBound", "LowerBound", "BasePeriod"),
    *("Source", *LATER_COLUMNS),
]


def fetch_parts(spec: DatasetSpec, client: Client, scratch: Path, known: Known) -> Iterator[FetchedItem]:
    """Each listed series whose release is not the one we have, as one CSV."""

    def bring(part: str, release: str, deadline: float) -> RawPart | UnchangedPart:
        request = Request(
            spec.provider,
            spec.dataset,
            part,
            f"{API}/Series/DataCSV",
            form={"seriesCodes": part},
            owner=spec.owner,
            known=known.get(part),
        )
        answer = client.fetch(request, scratch / part, deadline=deadline)
        if answer.not_modified:
            return UnchangedPart(part, release)
        refuse_status(answer.status, failer(spec, part))
        csv_bytes(answer.path.read_bytes(), failer(spec, part))
        return accepted(request, answer, release)

    return fetch_series(spec, client, scratch, known, bring)


def parse(body: bytes, spec: DatasetSpec, part: str, snapshot_sha256: str) -> Parsed:
    """Observations of one series. Raises SourceError."""
    fail = failer(spec, part)
    frame = read_csv(csv_bytes(body, fail), fail, text=("Value", "FootNote"), unread=UNREAD_COLUMNS)
    head = frame.columns[1:]
    dimensions = [f"[{name}]" for name in spec.dimensions_of(part)]
    compare_columns(head, [*COLUMNS, *dimensions], [STATUS_COLUMN, *LATER_COLUMNS], fail)
    check_price_base(frame["SeriesDescription"].unique().sort(), spec.price_base.get(part), fail)
    found = frame.select(
        "_line",
        *dimensions,
        series="SeriesCode",
        ref_area="GeoAreaCode",
        time_period="TimePeriod",
        value="Value",
        unit_measure="[Units]",
        flags=pl.col(STATUS_COLUMN) if STATUS_COLUMN in head else pl.lit(""),
        nature="[Nature]",
        comment_obs="FootNote",
    )
    return parse_series(found, spec, part, snapshot_sha256)


def csv_bytes(body: bytes, fail: Fail) -> bytes:
    """The table without its NUL padding; what precedes the padding must end with a complete line."""
    data, _, padding = unpack(body, fail).partition(b"\x00")
    if padding.strip(b"\x00"):
        fail("holds more bytes behind its padding with NUL", "refresh again", transient=True, fault="P03")
    if not data or data.isspace():
        step = "refresh again; empty means unknown, never zero"
        fail("answered an empty body", step, transient=True, fault="T14")
    if not data.endswith(b"\n"):
        fail("is cut short: its last line is not complete", "refresh again", transient=True, fault="P03")
    return check_text(data, fail)
