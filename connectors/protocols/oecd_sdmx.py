"""OECD SDMX: a whole dataflow as CSV with labels, its content constraint asked first.

What belongs here: this API's paths, columns, error bodies. What does not: shared rules (rows.py).

Codes and labels alternate in the header; labels are recognised by their small letters and never read. Values
are given in powers of ten (UNIT_MULT), which stay with the row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

import polars as pl
from lxml import etree

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
    check_text,
    compare_columns,
    failer,
    unpack,
)
from connectors.protocols.csv_table import read_csv
from connectors.protocols.rows import Rules, to_parsed
from connectors.protocols.xml_tree import read_xml
from connectors.records import utc_text
from connectors.spec import DatasetSpec
from connectors.wire import Answer, Request

API = "public/rest"
RULES = Rules(missing=frozenset({"", "NaN"}), flags="sdmx")
STATUS_COLUMNS = ("OBS_STATUS", "OBS_STATUS_2", "OBS_STATUS_3", "OBS_STATUS_4")
# Attributes that describe how numbers were written; nothing here depends on them.
UNUSED_COLUMNS = ["STRUCTURE_NAME", "DECIMALS", "CONVERSION_TYPE", "PRICE_BASE"]
_CODE_COLUMN = re.compile(r"^[A-Z][A-Z0-9_]*$")


def fetch_parts(spec: DatasetSpec, client: Client, scratch: Path, known: Known) -> Iterator[FetchedItem]:
    """Ask when the dataflow last changed, and bring the whole of it if that is not what we have."""
    part = spec.parts[0]
    fail = failer(spec, part)
    deadline = client.deadline_in(DATASET_SECONDS)
    try:
        marker = _ask_valid_from(spec, client, scratch, deadline)
        if marker and part in known and known[part].version_marker == marker:
            yield UnchangedPart(part)
            return
        request = Request(
            spec.provider,
            spec.dataset,
            part,
            f"{API}/data/{_flow(spec)}/all",
            dict(spec.query),
            owner=spec.owner,
            known=known.get(part),
        )
        answer = client.fetch(request, scratch / part, deadline=deadline)
        if answer.not_modified:
            yield UnchangedPart(part, marker)
            return
        _accept(answer, fail)
        marker = marker or _last_modified(answer, fail)
    except SourceError as error:
        yield FailedPart(part, error)
        return
    yield accepted(request, answer, marker)


def parse(body: bytes, spec: DatasetSpec, part: str, snapshot_sha256: str) -> Parsed:
    """Observations of one dataflow. Raises SourceError."""
    fail = failer(spec, part)
    frame = read_csv(unpack(body, fail), fail)
    codes = _code_columns(frame.columns[1:], fail)
    compare_columns(codes, _required(spec), [*STATUS_COLUMNS, "CONF_STATUS", *UNUSED_COLUMNS], fail)
    _refuse_other_rows(frame, spec, fail)
    dimensions = {name: name for name in spec.dimensions}
    cells = frame.select(
        "_line",
        series=pl.lit(spec.code),
        ref_area="REF_AREA",
        time_period="TIME_PERIOD",
        dimensions=canonical_dimensions(frame, dimensions),
        value="OBS_VALUE",
        unit_measure="UNIT_MEASURE",
        unit_mult="UNIT_MULT",
        flags=pl.concat_str([pl.col(name).str.strip_chars() for name in STATUS_COLUMNS if name in codes]),
        conf=pl.col("CONF_STATUS") if "CONF_STATUS" in codes else pl.lit(""),
        nature=pl.lit("UNKNOWN"),
        comment_obs=pl.lit(None, dtype=pl.String),
    )
    return to_parsed(cells, spec, part, snapshot_sha256, RULES)


def producer_date(version_marker: str) -> str:
    """The day in the moment from which the content is valid."""
    return version_marker[:10]


def read_valid_from(body: bytes, fail: Fail) -> str:
    """The newest `validFrom` in a content constraint, as UTC text; empty where the message names none."""
    root = read_xml(unpack(body, fail), fail)
    found = [
        value
        for element in root.iter()
        for name, value in element.attrib.items()
        if etree.QName(name).localname.lower() == "validfrom"
    ]
    try:
        moments = [datetime.fromisoformat(str(value)) for value in found]
    except ValueError:
        step = "run `circularity probe oecd`"
        fail("has no readable moment of change", step, field="validFrom", value=found[0], fault="P09")
    zoned = (moment if moment.tzinfo else moment.replace(tzinfo=UTC) for moment in moments)
    return max((utc_text(moment) for moment in zoned), default="")


def _flow(spec: DatasetSpec) -> str:
    assert spec.dataflow is not None
    return f"{spec.dataflow.agency},{spec.code},{spec.dataflow.version}"


def _ask_valid_from(spec: DatasetSpec, client: Client, scratch: Path, deadline: float) -> str:
    """When the dataflow last changed; empty where this server does not say."""
    assert spec.dataflow is not None
    path = f"{API}/contentconstraint/{spec.dataflow.agency}/CR_A_{spec.code}/"
    request = Request(spec.provider, spec.dataset, spec.parts[0], path, owner=spec.owner)
    answer = client.fetch(request, scratch / "constraint", deadline=deadline)
    if answer.status != 200:
        return ""
    return read_valid_from(answer.path.read_bytes(), failer(spec, spec.parts[0]))


def _last_modified(answer: Answer, fail: Fail) -> str:
    """The moment in the header, where no content constraint named one."""
    try:
        return utc_text(parsedate_to_datetime(answer.last_modified or ""))
    except ValueError:
        fail(
            "names no moment of its last change, neither in its content constraint nor in Last-Modified",
            "run `circularity probe oecd`",
            field="Last-Modified",
            value=answer.last_modified or "",
        )


def _accept(answer: Answer, fail: Fail) -> None:
    """A good body is a CSV table; anything else is told in the provider's words."""
    data = check_text(unpack(answer.path.read_bytes(), fail), fail)
    words = data[:200].decode("utf-8", "replace").strip()
    if answer.status == 413:
        step = "split the query of this data set"
        fail("refused the query as too large", step, field="answer", value=words, fault="T09")
    if answer.status == 404 and "NoRecordsFound" in words:
        step = "check whether the dataflow still exists; empty means unknown, never zero"
        fail("answered no records", step, field="answer", value=words, fault="T14")
    if answer.status == 404:
        step = "look for the dataflow's new agency, id or version"
        fail("does not know this dataflow", step, field="answer", value=words, fault="T15")
    if answer.status != 200:
        fail(f"answered status {answer.status}", "run `circularity probe`", field="answer", value=words)
    if not words:
        step = "refresh again; empty means unknown, never zero"
        fail("answered an empty body", step, transient=True, fault="T14")
    if not words.startswith(("STRUCTURE,", "STRUCTURE;")):
        step = "run `circularity probe oecd`"
        fail("was expected to be SDMX-CSV and is not", step, field="answer", value=words, fault="T03")
    if not data.endswith(b"\n"):
        fail("is cut short: its last line is not complete", "refresh again", transient=True, fault="T05")


def _code_columns(head: list[str], fail: Fail) -> list[str]:
    """The columns of codes; each label must follow the code it explains."""
    codes = [name for name in head if _CODE_COLUMN.match(name)]
    for before, name in zip(["", *head], head, strict=False):
        if name not in codes and before not in codes:
            fail(
                "has a label that follows no code",
                "look at the snapshot; the format may have changed",
                field="columns",
                value=name,
                fault="P07",
            )
    return codes


def _required(spec: DatasetSpec) -> list[str]:
    start = ["STRUCTURE", "STRUCTURE_ID", "ACTION", "REF_AREA", *spec.dimensions]
    return [*start, "TIME_PERIOD", "OBS_VALUE", "OBS_STATUS", "UNIT_MULT"]


def _refuse_other_rows(frame: pl.DataFrame, spec: DatasetSpec, fail: Fail) -> None:
    """Rows of another dataflow, and rows that replace or delete: a release is read from whole tables."""
    assert spec.dataflow is not None
    expected = {
        "STRUCTURE": "DATAFLOW",
        "STRUCTURE_ID": f"{spec.dataflow.agency}:{spec.code}({spec.dataflow.version})",
        "ACTION": "I",
    }
    for name, value in expected.items():
        other = frame.filter(pl.col(name) != value)
        if other.height:
            fail(
                f"answered rows whose {name} is not {value} (first: data row {other['_line'][0]})",
                "run `circularity probe oecd`",
                field=name,
                value=other[name][0],
                fault="P09",
            )
