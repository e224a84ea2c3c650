"""What all routes to UNSD's SDG database share: the list of series, vocabulary, the way to canonical rows.

What belongs here: releases, which series to ask for, natures, symbols for missing values. What does not: one
route's paths and columns (unsd_sdg.py: CSV; unsd_json.py: pages of JSON; unsd_sdmx.py: data.un.org).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl

from connectors.coded import mapped
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
    canonical_dimensions,
    failer,
    refuse_status,
    unpack,
)
from connectors.protocols.json_text import read_json
from connectors.protocols.rows import Rules, to_parsed
from connectors.spec import DatasetSpec
from connectors.wire import Request

API = "SDGAPI/v1/sdg"
NATURES = frozenset({"C", "CA", "E", "M", "G", "N", "NA"})
RULES = Rules(missing=frozenset({"", "N", "NaN"}), flags="sdmx")
# (part, release, deadline) -> what came
Bring = Callable[[str, str, float], RawPart | UnchangedPart]


def fetch_series(
    spec: DatasetSpec, client: Client, scratch: Path, known: Known, bring: Bring
) -> Iterator[FetchedItem]:
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
        try:
            if part not in releases:
                failer(spec, part)(
                    f"the series is not listed in release {max(releases.values())}",
                    "check whether it was renamed or withdrawn; the data set stands without it",
                    fault="S07",
                )
            if part in known and known[part].version_marker == releases[part]:
                yield UnchangedPart(part)
                continue
            yield bring(part, releases[part], deadline)
        except SourceError as error:
            yield FailedPart(part, error)


def parse_series(frame: pl.DataFrame, spec: DatasetSpec, part: str, snapshot_sha256: str) -> Parsed:
    """Canonical observations of one series. Raises SourceError.

    `frame` is text: _line, series, ref_area, time_period, value, unit_measure, flags, nature, comment_obs,
    perhaps unit_mult, and a column `[name]` for each dimension of the part.
    """
    fail = failer(spec, part)
    other = frame.filter(pl.col("series") != part)
    if other.height:
        step = "report it to the provider"
        fail("answered another series", step, field="series", value=other["series"][0], fault="P09")
    nature = pl.col("nature")
    unknown = frame.filter((nature != "") & ~nature.is_in(sorted(NATURES)))
    if unknown.height:
        step = "find out what it means"
        fail("uses an unknown nature", step, field="Nature", value=unknown["nature"][0], fault="V04")
    note = pl.col("comment_obs").str.strip_chars()
    columns = {f"[{name}]": name for name in spec.dimensions_of(part)}
    cells = frame.with_columns(
        dimensions=canonical_dimensions(frame, columns),
        conf=pl.lit(""),
        nature=mapped(frame["nature"], lambda text: text or "UNKNOWN"),
        comment_obs=pl.when(note != "").then(note),
    ).drop(list(columns))
    return to_parsed(cells, spec, part, snapshot_sha256, RULES)


def producer_date(version_marker: str) -> str:
    """UNSD marks versions by release tag (2023.Q4.G.01), whose text order is its time order."""
    return version_marker


def read_releases(body: bytes, fail: Fail) -> dict[str, str]:
    """Series code -> release tag from the body of Series/List."""
    listed = read_json(unpack(body, fail), fail)
    try:
        releases = {str(item["code"]): str(item["release"]) for item in listed}
    except (TypeError, KeyError):
        step = "run `circularity probe unsd`; expected were objects with code and release"
        fail("answered a list of series in an unknown form", step, field="Series/List", fault="P07")
    if not releases:
        what = "answered an empty list of series"
        fail(what, "refresh again later", transient=True, field="Series/List", fault="T14")
    return releases


def _fetch_releases(spec: DatasetSpec, client: Client, scratch: Path, deadline: float) -> dict[str, str]:
    """Series code -> release tag, of every series the database lists."""
    request = Request(
        spec.provider, spec.dataset, "all", f"{API}/Series/List", {"allreleases": "false"}, owner=spec.owner
    )
    answer = client.fetch(request, scratch / "series-list", deadline=deadline)
    fail = failer(spec, "all")
    refuse_status(answer.status, fail)
    return read_releases(answer.path.read_bytes(), fail)
