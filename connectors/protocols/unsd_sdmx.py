"""UNSD Global SDG Database, second route: SDMX-CSV from data.un.org.

What belongs here: this route's paths, its version, its columns. What does not: what all of UNSD's routes
share (unsd_series.py).

data.un.org is another host than UNSD's own, so it is a listed address of its own (`un_data`). The version of
the dataflow moves a few times a year: it is asked for and stands in the address of each snapshot, never
written into a declaration. No answer was ever recorded: whatever differs is refused, and the error says what
was expected. The release tag still comes from UNSD's list of series, so that vintages of all routes compare.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from connectors.errors import SourceError
from connectors.http import Client
from connectors.protocols.base import (
    Fail,
    FetchedItem,
    Known,
    Parsed,
    RawPart,
    UnchangedPart,
    accepted,
    compare_columns,
    failer,
    refuse_status,
    unpack,
)
from connectors.protocols.csv_table import read_csv
from connectors.protocols.unsd_series import fetch_series, parse_series, producer_date
from connectors.protocols.xml_tree import local_name, read_xml
from connectors.spec import DatasetSpec, SdmxNames
from connectors.wire import Answer, Request

__all__ = ["fetch_parts", "parse", "producer_date"]

ADDRESS = "un_data"
API = "ws/rest"
AGENCY, FLOW = "IAEG-SDGs", "DF_SDG_GLH"
COLUMNS = [
    *("DATAFLOW", "FREQ", "REPORTING_TYPE", "SERIES", "REF_AREA", "TIME_PERIOD", "OBS_VALUE"),
    *("UNIT_MEASURE", "NATURE", "OBS_STATUS"),
]
OPTIONAL = [
    *("UNIT_MULT", "COMMENT_OBS", "COMMENT_TS", "BASE_PER", "TIME_DETAIL", "TIME_COVERAGE", "SOURCE_DETAIL"),
    *("UPPER_BOUND", "LOWER_BOUND", "GEO_INFO_URL", "GEO_INFO_TYPE", "CUST_BREAKDOWN_LB"),
]
DIMENSIONS = [
    *("SEX", "AGE", "URBANISATION", "INCOME_WEALTH_QUANTILE", "EDUCATION_LEV", "OCCUPATION"),
    *("CUST_BREAKDOWN", "COMPOSITE_BREAKDOWN", "DISABILITY_STATUS", "ACTIVITY", "PRODUCT"),
]
# Codes by which a dimension says that it does not divide the figure.
WHOLE = frozenset({"", "_T", "_Z"})
_SERIES_PLACE, _PLACES = 2, 15  # FREQ.REPORTING_TYPE.SERIES.REF_AREA and eleven more
_VERSION = re.compile(r"[0-9]{1,6}(\.[0-9]{1,6}){0,2}")
_STEP = "run `circularity probe unsd`"


def fetch_parts(spec: DatasetSpec, client: Client, scratch: Path, known: Known) -> Iterator[FetchedItem]:
    """Each listed series whose release is not the one we have, from the newest version of the dataflow."""
    version: list[str] = []

    def bring(part: str, release: str, deadline: float) -> RawPart | UnchangedPart:
        fail = failer(spec, part)
        if not version:
            path = f"{API}/dataflow/{AGENCY}/{FLOW}/latest"
            answer = _ask(Request(ADDRESS, spec.dataset, part, path, owner=spec.owner))
            refuse_status(answer.status, fail)
            version.append(read_version(answer.path.read_bytes(), fail))
        places = ["" if place != _SERIES_PLACE else part for place in range(_PLACES)]
        path = f"{API}/data/{AGENCY},{FLOW},{version[0]}/{'.'.join(places)}"
        request = Request(
            ADDRESS,
            spec.dataset,
            part,
            path,
            {"format": "csv", **spec.query},
            owner=spec.owner,
            known=known.get(part),
        )
        answer = _ask(request, deadline)
        if answer.not_modified:
            return UnchangedPart(part, release)
        refuse_status(answer.status, fail)
        read_csv(unpack(answer.path.read_bytes(), fail), fail)
        return accepted(request, answer, release)

    def _ask(request: Request, deadline: float | None = None) -> Answer:
        try:
            return client.fetch(request, scratch / f"{request.part}.sdmx", deadline=deadline)
        except SourceError as error:
            # The client names the address it asked; a person knows the data set by its provider.
            raise SourceError.from_record({**error.as_record(), "provider": spec.provider}) from None

    return fetch_series(spec, client, scratch, known, bring)


def parse(body: bytes, spec: DatasetSpec, part: str, snapshot_sha256: str) -> Parsed:
    """Observations of one series, in the names and codes of the other routes. Raises SourceError."""
    fail = failer(spec, part)
    assert spec.sdmx_names is not None
    names = spec.sdmx_names
    frame = read_csv(unpack(body, fail), fail)
    head = frame.columns[1:]
    declared = {name: column for column, name in names.dimensions.items()}
    missing = [name for name in spec.dimensions_of(part) if name not in declared]
    if missing:
        step = "name the column of each dimension in sdmx_names"
        fail("has a dimension that no column is declared for", step, field=", ".join(missing), fault="P08")
    wanted = {declared[name]: name for name in spec.dimensions_of(part)}
    compare_columns(head, list(dict.fromkeys([*COLUMNS, *wanted])), [*OPTIONAL, *DIMENSIONS], fail)
    _refuse_divided(frame, [name for name in DIMENSIONS if name in head and name not in wanted], fail)
    other = frame.filter(pl.col("FREQ") != "A")
    if other.height:
        step = f"{_STEP}; expected were yearly figures"
        fail("gives figures that are not yearly", step, field="FREQ", value=other["FREQ"][0], fault="P08")
    frame = _translate(frame, names, fail)
    found = frame.select(
        "_line",
        *(pl.col(column).alias(f"[{name}]") for column, name in wanted.items()),
        series="SERIES",
        ref_area=pl.col("REF_AREA").str.strip_chars_start("0"),
        time_period="TIME_PERIOD",
        value="OBS_VALUE",
        unit_measure="UNIT_MEASURE",
        unit_mult=pl.col("UNIT_MULT") if "UNIT_MULT" in head else pl.lit("0"),
        flags="OBS_STATUS",
        nature="NATURE",
        comment_obs=pl.col("COMMENT_OBS") if "COMMENT_OBS" in head else pl.lit(""),
    )
    return parse_series(found, spec, part, snapshot_sha256)


def read_version(body: bytes, fail: Fail) -> str:
    """The newest version of the dataflow. Versions are compared by their numbers: 1.26 follows 1.8."""
    root = read_xml(unpack(body, fail), fail)
    found = [
        str(element.get("version", ""))
        for element in root.iter()
        if local_name(element) == "Dataflow" and element.get("id") == FLOW
    ]
    good = [text for text in found if _VERSION.fullmatch(text)]
    if not good:
        step = f"{_STEP}; expected was a Dataflow {FLOW} with a version such as 1.26"
        fail("names no version of its dataflow", step, field="version", value=", ".join(found), fault="P09")
    return max(good, key=lambda text: [int(number) for number in text.split(".")])


def _refuse_divided(frame: pl.DataFrame, columns: list[str], fail: Fail) -> None:
    for name in columns:
        divided = frame.filter(~pl.col(name).is_in(sorted(WHOLE)))
        if divided.height:
            where = f"first: data row {divided['_line'][0]}"
            fail(
                f"divides its figures by {name}, which is not declared ({where})",
                "decide which codes to use, and declare the column in sdmx_names",
                field=name,
                value=divided[name][0],
                fault="P08",
            )


def _translate(frame: pl.DataFrame, names: SdmxNames, fail: Fail) -> pl.DataFrame:
    for name, codes in names.codes.items():
        if name not in frame.columns:
            continue
        unknown = frame.filter(~pl.col(name).is_in(sorted(codes)))
        if unknown.height:
            step = "find out which code of the other routes it is, and add it to sdmx_names"
            fail(
                "uses a code without a declared meaning",
                step,
                field=name,
                value=unknown[name][0],
                fault="S06",
            )
        frame = frame.with_columns(pl.col(name).replace(codes))
    return frame
