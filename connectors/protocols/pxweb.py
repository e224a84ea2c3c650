"""PxWeb API v1 (UNECE): folders list tables, a table describes itself, a JSON query brings JSON-stat.

What belongs here: this API's paths, refusals and answers. What does not: selections (pxweb_query.py), cubes
(jsonstat.py), shared rules (rows.py).

No answer of this server was ever recorded; only the request is documented. So everything else is checked, and
an error says what was expected. One snapshot holds the table's description and all answers, as a JSON text
sequence (RFC 7464): values of the year are places in that very table, and mean years only beside it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
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
    RawPart,
    UnchangedPart,
    accepted,
    canonical_dimensions,
    failer,
    unpack,
)
from connectors.protocols.json_text import read_json
from connectors.protocols.jsonstat import Cube, to_cube
from connectors.protocols.paging import SEPARATOR, split_pages
from connectors.protocols.pxweb_query import (
    CELL_LIMIT,
    Selection,
    count_cells,
    cut,
    halve,
    read_table,
    select,
    show,
    to_query,
)
from connectors.protocols.rows import Rules, to_parsed
from connectors.records import utc_text
from connectors.spec import DatasetSpec
from connectors.wire import Request

API = "api/v1/en/STAT"
# PX-file symbols of a cell without a number. "-" (nil) is not among them: nobody has decided whether it is 0.
RULES = Rules(missing=frozenset({"", ".", "..", "..."}), flags="sdmx")
SMALLEST_CUT = 1000  # a query of fewer cells is not refused for its size
_STEP = "run `circularity probe unece`"


def fetch_parts(spec: DatasetSpec, client: Client, scratch: Path, known: Known) -> Iterator[FetchedItem]:
    """Ask the folder when the table changed, then the table what it has, then for all of it in pieces."""
    part = spec.parts[0]
    deadline = client.deadline_in(DATASET_SECONDS)
    asking = _Asking(spec, client, scratch, deadline)
    try:
        listed = read_listing(asking.get(""), str(spec.code), failer(spec, part))
        if listed and part in known and known[part].version_marker == listed:
            yield UnchangedPart(part)
            return
        yield asking.fetch_table(listed)
    except SourceError as error:
        yield FailedPart(part, error)


def parse(body: bytes, spec: DatasetSpec, part: str, snapshot_sha256: str) -> Parsed:
    """Observations of one table. Raises SourceError."""
    fail = failer(spec, part)
    assert spec.table is not None
    pages = [read_json(chunk, fail) for chunk in split_pages(body)]
    if not pages:
        fail("is no container of answers", "refresh again with --full", field="container", fault="P09")
    description, *answers = pages
    table = {variable.code: variable for variable in read_table(description, fail)}
    select(tuple(table.values()), spec, fail)
    time = table[spec.table.time]
    years = dict(zip(time.values, time.texts, strict=True))
    cubes = [read_answer(answer, fail)[0] for answer in answers]
    if not cubes or any(set(cube.dimensions) != set(table) for cube in cubes):
        fail("holds no answer about the table it describes", "refresh again", field="dimension", fault="P08")
    frame = pl.concat([cube.cells.select(cubes[0].cells.columns) for cube in cubes])
    dimensions = {name: name for name in spec.dimensions}
    text, status = pl.col("value"), pl.col("status").str.strip_chars()
    cells = frame.with_row_index("_at", offset=1).select(
        _line="_at",
        series=pl.lit(spec.code),
        ref_area=spec.table.area,
        time_period=pl.col(spec.table.time).replace(years),
        dimensions=canonical_dimensions(frame, dimensions) if dimensions else pl.lit("{}"),
        value=pl.when(text == "").then(status).otherwise(text),
        unit_measure=pl.lit(spec.units["all"][0]),
        # "." says that there can be no figure; the other symbols only that there is none.
        flags=pl.when(text != "").then(status).when(status == ".").then(pl.lit("M")).otherwise(pl.lit("")),
        conf=pl.lit(""),
        nature=pl.lit("UNKNOWN"),
        comment_obs=pl.lit(None, dtype=pl.String),
    )
    _check_areas(cells, fail)
    return to_parsed(cells, spec, part, snapshot_sha256, RULES)


def producer_date(version_marker: str) -> str:
    """The day of the table's update."""
    return version_marker[:10]


def read_listing(found: Any, code: str, fail: Fail) -> str:
    """When a table of a folder was updated, as UTC text; empty where the folder does not say."""
    shaped = isinstance(found, list) and all(isinstance(item, dict) and "id" in item for item in found)
    if not shaped:
        step = f"{_STEP}; expected was a list of objects with id, type and text"
        fail("lists the folder in an unknown form", step, field="folder", fault="P07")
    named = [item for item in found if item["id"] == code]
    if not named:
        others = ", ".join(str(item["id"]) for item in found[:10])
        step = "look for the table's new name or folder"
        fail("does not list the table any more", step, field="folder", value=others, fault="T15")
    return _moment(named[0].get("updated"), fail)


def read_answer(found: Any, fail: Fail) -> tuple[Cube, str]:
    """The cube of one answer and when it was updated. JSON-stat 1 wraps it and keeps id and size inside."""
    body = found
    if isinstance(found, dict) and isinstance(found.get("dataset"), dict):
        inner = found["dataset"]
        inside = inner.get("dimension") if isinstance(inner.get("dimension"), dict) else {}
        moved = {name: inside[name] for name in ("id", "size") if name in inside}
        dimension = {name: value for name, value in inside.items() if name not in ("id", "size", "role")}
        body = {**inner, **moved, "class": "dataset", "dimension": dimension}
    cube = to_cube(body, fail)
    return cube, _moment(cube.facts.get("updated"), fail)


class _Asking:
    """One table, asked for within one deadline."""

    def __init__(self, spec: DatasetSpec, client: Client, scratch: Path, deadline: float) -> None:
        self.spec, self.client, self.scratch, self.deadline = spec, client, scratch, deadline
        self.part = spec.parts[0]
        self.fail = failer(spec, self.part)
        self.got = b""

    def get(self, name: str) -> Any:
        """The folder's list, or the description of the table `name`."""
        answer = self.client.fetch(self._request(name), self.scratch / "answer", deadline=self.deadline)
        self._check_status(answer.status, "list the folder" if not name else "describe the table")
        self.got = unpack(answer.path.read_bytes(), self.fail)
        return read_json(self.got, self.fail)

    def fetch_table(self, listed: str) -> RawPart:
        """The description and every piece, as one snapshot."""
        selection = select(read_table(self.get(str(self.spec.code)), self.fail), self.spec, self.fail)
        whole = self.scratch / f"{self.part}.json-seq"
        waiting = deque(cut(selection))
        request = self._request(str(self.spec.code), waiting[0])
        updated: set[str] = set()
        asked = 0
        with whole.open("wb") as out:
            out.write(SEPARATOR + self.got)
            while waiting:
                piece = waiting.popleft()
                request = self._request(str(self.spec.code), piece)
                answer = self.client.fetch(request, self.scratch / "answer", deadline=self.deadline)
                if answer.status == 403:
                    waiting.extendleft(reversed(self._smaller(piece, answer.path)))
                    continue
                self._check_status(answer.status, "answer the query")
                body = unpack(answer.path.read_bytes(), self.fail)
                updated.add(self._check_answer(body, piece))
                out.write(SEPARATOR + body)
                asked += 1
        if len(updated) > 1:
            what = f"changed between its pieces ({', '.join(sorted(updated))})"
            self.fail(what, "refresh again", field="updated", transient=True, fault="T13")
        marker = listed or updated.pop()
        if not marker:
            step = f"{_STEP}; expected was `updated` in the folder's list or in the answer"
            self.fail("does not say when the table was updated", step, field="updated", fault="P07")
        raw = accepted(request, answer, marker, whole)
        return replace(raw, params={"cells": str(count_cells(selection)), "queries": str(asked)})

    def _request(self, name: str, piece: Selection | None = None) -> Request:
        assert self.spec.table is not None
        path = "/".join((API, *self.spec.table.folder, name))
        return Request(
            self.spec.provider,
            self.spec.dataset,
            self.part,
            path,
            owner=self.spec.owner,
            json=to_query(piece) if piece else None,
        )

    def _smaller(self, piece: Selection, refusal: Path) -> list[Selection]:
        """Both halves of a piece refused as too large; a small one was refused for another reason."""
        if count_cells(piece) <= SMALLEST_CUT:
            words = refusal.read_bytes()[:200].decode("utf-8", "replace")
            self.fail(
                f"refused a query far below its limit of {CELL_LIMIT} cells ({show(piece)})",
                f"{_STEP}; expected was that status 403 means too many cells",
                field="answer",
                value=words,
                fault="T08",
            )
        return list(halve(piece))

    def _check_status(self, status: int, what: str) -> None:
        if status == 200:
            return
        if status == 404:
            step = "look for the table's new name or folder"
            self.fail(f"cannot {what} (status 404)", step, value="404", fault="T15")
        self.fail(f"cannot {what} (status {status})", f"{_STEP}; expected was status 200", value=str(status))

    def _check_answer(self, body: bytes, piece: Selection) -> str:
        """When the answer was updated; refuses an answer to another question."""
        cube, updated = read_answer(read_json(body, self.fail), self.fail)
        if {name: set(codes) for name, codes in cube.codes.items()} != {c: set(v) for c, v in piece}:
            self.fail(
                f"answered {show(tuple(cube.codes.items()))} when {show(piece)} was asked",
                f"{_STEP}; expected was every value asked for and no other",
                field="dimension",
                fault="P09",
            )
        return updated


def _moment(found: Any, fail: Fail) -> str:
    """A time of update as UTC text; empty if there is none. Without a time zone it is taken as UTC."""
    if found is None or found == "":
        return ""
    try:
        moment = datetime.fromisoformat(str(found))
    except ValueError:
        step = f"{_STEP}; expected was a time such as 2026-01-20T09:00:00"
        fail("has no readable time of update", step, field="updated", value=str(found), fault="P07")
    return utc_text(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def _check_areas(cells: pl.DataFrame, fail: Fail) -> None:
    bad = cells.filter(~pl.col("ref_area").str.contains("^[0-9]{3}$"))
    if bad.height:
        step = f"{_STEP}; expected were M49 codes of three digits, such as 040"
        fail("holds an area that is no M49 code", step, field="area", value=bad["ref_area"][0], fault="S01")
