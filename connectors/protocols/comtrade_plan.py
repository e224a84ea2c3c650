"""Which reporter-years of UN Comtrade there are, in which state, and in which order they are asked for.

What belongs here: the availability list, version markers, the plan. What does not: bringing rows
(comtrade_ask.py), code lists (comtrade_reference.py).

A marker is `<lastReleased> <datasetChecksum>`; where a reporter-year is listed in several classifications it
is all of them. Equal markers mean equal data, whatever else happens.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from connectors.http import Client
from connectors.protocols.base import Fail, Known, failer, unpack
from connectors.protocols.comtrade_ask import choose_route
from connectors.protocols.json_rows import read_json_rows
from connectors.spec import DatasetSpec
from connectors.wire import Request

FINAL, PUBLIC = "data/v1/getDa", "public/v1/getDA"
FIELDS = ("period", "reporterCode", "classificationCode", "datasetChecksum", "lastReleased")
JOINT = "; "
_CALL = "availability"
_MARKER = re.compile(r"^(\d{4}-\d{2}-\d{2})T\S* -?\d+$", re.ASCII)
_PERIOD = re.compile(r"^[12]\d{3}$", re.ASCII)


@dataclass(frozen=True)
class Plan:
    """Parts by what is to be done, each with its marker, in the order in which they are asked for.

    `back`: the list went back behind what stands. Newest years come first: they are missed the most.
    """

    unchanged: dict[str, str]
    wanted: dict[str, str]
    back: dict[str, str]


def list_available(
    spec: DatasetSpec, client: Client, reporters: list[str], scratch: Path, deadline: float
) -> dict[str, str]:
    """Part -> marker of every listed reporter-year from the declared first year on. Raises SourceError."""
    fail = failer(spec, "all")
    route = choose_route(spec, client)
    path = f"{PUBLIC if route.path.startswith('public') else FINAL}/C/A/{spec.code}"
    wanted, found = set(reporters), defaultdict(set)
    waiting: list[list[str]] = [[]]  # no reporter named: all of them
    while waiting:
        asked = waiting.pop()
        params = {"reporterCode": ",".join(asked)} if asked else {}
        request = Request(spec.provider, spec.dataset, "all", path, params, owner=spec.owner)
        answer = client.fetch(request, scratch / _CALL, deadline=deadline)
        if answer.status != 200:
            fail(f"answered status {answer.status} for its list of data", "see the runbook", fault="T15")
        body = unpack(answer.path.read_bytes(), fail)
        head, _, rows = read_json_rows(body, fail, rows_field="data", fields=FIELDS)
        if head.get("error"):
            what = "answered an error for its list of data"
            fail(what, "see the runbook", field="error", value=str(head["error"]), fault="T04")
        if rows.height == route.cap:  # no flag tells a list that stopped: equality does
            waiting += _halves(asked or sorted(wanted), rows.height, fail)
            continue
        for period, reporter, _, checksum, released in rows.select(FIELDS).iter_rows():
            if reporter in wanted and _is_wanted(period, spec, fail):
                found[f"{reporter}-{period}"].add(f"{released} {checksum}")
    if not found:
        fail(
            "lists no data at all for the reporters and years declared",
            "check the declaration; empty means unknown, never zero",
            field="data",
            fault="T14",
        )
    return {part: _marker(markers, part, fail) for part, markers in sorted(found.items())}


def make_plan(available: dict[str, str], known: Known) -> Plan:
    """What stands, what is to be asked for, and what must not be replaced by something older."""
    unchanged, wanted, back = {}, {}, {}
    for part in sorted(available, key=_urgency):
        marker, before = available[part], known.get(part)
        if before is None or not _is_marker(before.version_marker):
            wanted[part] = marker
        elif _checksums(marker) == _checksums(before.version_marker):
            unchanged[part] = marker
        elif marker_date(marker) < marker_date(before.version_marker):
            back[part] = marker
        else:
            wanted[part] = marker
    return Plan(unchanged, wanted, back)


def marker_date(marker: str) -> str:
    """The day of the newest release in a marker; empty for a marker that is none."""
    days = [found[1] for found in map(_MARKER.match, marker.split(JOINT)) if found]
    return max(days, default="")


def _is_marker(text: str) -> bool:
    return all(_MARKER.match(piece) for piece in text.split(JOINT))


def _checksums(marker: str) -> list[str]:
    return sorted(piece.rpartition(" ")[2] for piece in marker.split(JOINT))


def _urgency(part: str) -> tuple[int, int]:
    reporter, _, period = part.rpartition("-")
    return -int(period), int(reporter)


def _is_wanted(period: str | None, spec: DatasetSpec, fail: Fail) -> bool:
    if period is None or not _PERIOD.match(period):
        fail("lists a period that is no year", "run `circularity probe`", field="period", value=str(period))
    return int(period) >= (spec.first_year or 0)


def _marker(markers: set[str], part: str, fail: Fail) -> str:
    marker = JOINT.join(sorted(markers))
    if not _is_marker(marker):
        what = f"gives no release date and checksum for {part}"
        fail(what, "run `circularity probe`", field="lastReleased, datasetChecksum", value=marker)
    return marker


def _halves(reporters: list[str], rows: int, fail: Fail) -> list[list[str]]:
    if len(reporters) < 2:
        fail(
            f"cut its list of data short at {rows} rows",
            "report it to the provider",
            field="reporterCode",
            value=",".join(reporters),
            fault="T11",
        )
    middle = len(reporters) // 2
    return [reporters[middle:], reporters[:middle]]
