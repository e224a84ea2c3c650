"""UNSD Global SDG Database: one CSV a series (`POST Series/DataCSV`), codes checked in `Series/List`.

What belongs here: this API's paths, columns and vocabulary. What does not: rules shared with others
(rows.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

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
    accepted,
    canonical_dimensions,
    check_price_base,
    check_text,
    compare_columns,
    failer,
    read_json,
    unpack,
)
from connectors.protocols.csv_table import read_csv
from connectors.protocols.rows import Rules, to_parsed
from connectors.spec import DatasetSpec
from connectors.wire import Request

API = "SDGAPI/v1/sdg"
COLUMNS = [
    *(
        "Goal",
        "Target",
        "Indicator",
        "SeriesCode",
        "SeriesDescription",
        "GeoAreaCode",
        "GeoAreaName",
        "TimePeriod",
    ),
    *(
        "Value",
        "Time_Detail",
        "TimeCoverage",
        "UpperBound",
        "LowerBound",
        "BasePeriod",
        "Source",
        "GeoInfoUrl",
    ),
    *("FootNote", "[Nature]", "[Units]"),
]
STATUS_COLUMN = "[Observation Status]"
# TimeCoverage and GeoInfoUrl came later than the other columns; nothing here reads them.
UNUSED_COLUMNS = ["TimeCoverage", "GeoInfoUrl"]
NATURES = frozenset({"C", "CA", "E", "M", "G", "N", "NA"})
RULES = Rules(missing=frozenset({"", "N", "NaN"}), flags="sdmx")


def fetch_parts(spec: DatasetSpec, client: Client, scratch: Path, known: Known) -> Iterator[FetchedItem]:
    """Ask for the list of series once, then for each series whose release is not the one we have.

    An unlisted code is never sent: it would answer empty.
    """
    deadline = client.deadline_in(DATASET_SECONDS)
    try:
        releases = _fetch_releases(spec, client, scratch, deadline)
    except SourceError as error:
        yield from (FailedPart(part, error) for part in spec.parts)
        return
    for part in spec.parts:
        if part not in releases:
            what = f"the series is not listed in release {max(releases.values())}"
            step = "check whether it was renamed; the data set stands without it"
            yield FailedPart(part, _error(spec, part, what, step))
            continue
        if part in known and known[part].version_marker == releases[part]:
            yield UnchangedPart(part)
            continue
        request = Request(
            spec.provider,
            spec.dataset,
            part,
            f"{API}/Series/DataCSV",
            form={"seriesCodes": part},
            owner=spec.owner,
            known=known.get(part),
        )
        try:
            answer = client.fetch(request, scratch / part, deadline=deadline)
            if answer.not_modified:
                yield UnchangedPart(part, releases[part])
                continue
            _check_status(answer.status, failer(spec, part))
            csv_bytes(answer.path.read_bytes(), failer(spec, part))
        except SourceError as error:
            yield FailedPart(part, error)
            continue
        yield accepted(request, answer, releases[part])


def parse(body: bytes, spec: DatasetSpec, part: str, snapshot_sha256: str) -> Parsed:
    """Observations of one series. Raises SourceError."""
    fail = failer(spec, part)
    frame = read_csv(csv_bytes(body, fail), fail)
    head = frame.columns[1:]
    dimensions = {f"[{name}]": name for name in spec.dimensions_of(part)}
    required = [name for name in COLUMNS if name not in UNUSED_COLUMNS] + list(dimensions)
    compare_columns(head, required, [STATUS_COLUMN, *UNUSED_COLUMNS], fail)
    other = frame.filter(pl.col("SeriesCode") != part)
    if other.height:
        fail(
            "answered another series",
            "report it to the provider",
            field="SeriesCode",
            value=other["SeriesCode"][0],
        )
    check_price_base(frame["SeriesDescription"].unique().sort(), spec.price_base.get(part), fail)
    nature = pl.col("[Nature]")
    unknown = frame.filter((nature != "") & ~nature.is_in(sorted(NATURES)))
    if unknown.height:
        fail("uses an unknown nature", "find out what it means", field="Nature", value=unknown["[Nature]"][0])
    status = pl.col(STATUS_COLUMN) if STATUS_COLUMN in head else pl.lit("")
    note = pl.col("FootNote").str.strip_chars()
    cells = frame.select(
        "_line",
        series="SeriesCode",
        ref_area="GeoAreaCode",
        time_period="TimePeriod",
        dimensions=canonical_dimensions(frame, dimensions),
        value="Value",
        unit_measure="[Units]",
        flags=status,
        conf=pl.lit(""),
        nature=pl.when(nature == "").then(pl.lit("UNKNOWN")).otherwise(nature),
        comment_obs=pl.when(note != "").then(note),
    )
    return to_parsed(cells, spec, part, snapshot_sha256, RULES)


def producer_date(version_marker: str) -> str:
    """UNSD marks versions by release tag (2023.Q4.G.01), whose text order is its time order."""
    return version_marker


def csv_bytes(body: bytes, fail: Fail) -> bytes:
    """The table without its NUL padding; what precedes the padding must end with a complete line."""
    data, _, padding = unpack(body, fail).partition(b"\x00")
    if padding.strip(b"\x00"):
        fail("holds more bytes behind its padding with NUL", "refresh again", transient=True)
    if not data.strip():
        fail("answered an empty body", "refresh again; empty means unknown, never zero", transient=True)
    if not data.endswith(b"\n"):
        fail("is cut short: its last line is not complete", "refresh again", transient=True)
    return check_text(data, fail)


def _fetch_releases(spec: DatasetSpec, client: Client, scratch: Path, deadline: float) -> dict[str, str]:
    """Series code -> release tag, of every series the database lists."""
    request = Request(
        spec.provider, spec.dataset, "all", f"{API}/Series/List", {"allreleases": "false"}, owner=spec.owner
    )
    answer = client.fetch(request, scratch / "series-list", deadline=deadline)
    fail = failer(spec, "all")
    _check_status(answer.status, fail)
    return read_releases(answer.path.read_bytes(), fail)


def read_releases(body: bytes, fail: Fail) -> dict[str, str]:
    """Series code -> release tag from the body of Series/List."""
    listed = read_json(unpack(body, fail), fail)
    try:
        releases = {str(item["code"]): str(item["release"]) for item in listed}
    except (TypeError, KeyError):
        fail("answered a list of series in an unknown form", "run `circularity probe`", field="Series/List")
    if not releases:
        fail("answered an empty list of series", "refresh again later", transient=True, field="Series/List")
    return releases


def _check_status(status: int, fail: Fail) -> None:
    if status != 200:
        fail(
            f"answered status {status}",
            "run `circularity probe`: the address may have moved",
            value=str(status),
        )


def _error(spec: DatasetSpec, part: str, what: str, next_step: str) -> SourceError:
    return SourceError(spec.provider, spec.dataset, what, part=part, next_step=next_step, owner=spec.owner)
