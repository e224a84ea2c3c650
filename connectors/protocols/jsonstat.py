"""JSON-stat 2.0: from a sparse cube to one text row a cell that says something.

What belongs here: positions, sizes, codes, values and statuses, whoever publishes the cube. What does not:
which dimensions a data set must have, what a status means (the protocol module). Labels are not read.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Any, TypeGuard, TypeVar

import polars as pl

from connectors.protocols.base import Fail
from connectors.protocols.json_text import JsonNumber, read_json

_Kind = TypeVar("_Kind")
MAX_CELLS = 1 << 40
_STEP = "run `circularity probe`; the cube is not what JSON-stat 2.0 describes"


@dataclass(frozen=True)
class Cube:
    """`cells`: _line (the position in the cube), a code for each of `dimensions`, value and status as text.

    `value` is "" where there is a status and no value. `codes` are all codes of each dimension, with or
    without data; `facts` is everything else at the top of the answer.
    """

    dimensions: tuple[str, ...]
    codes: dict[str, tuple[str, ...]]
    cells: pl.DataFrame
    facts: dict[str, Any]


def read_jsonstat(data: bytes, fail: Fail) -> Cube:
    """The cube of one data set. Refuses, naming the element, whatever contradicts itself."""
    return to_cube(read_json(data, fail), fail)


def to_cube(body: Any, fail: Fail) -> Cube:
    """The same for an answer already read by `read_json`."""
    if not isinstance(body, dict) or body.get("class") != "dataset":
        fail("was expected to be a JSON-stat data set", _STEP, field="class", fault="T03")
    ids, sizes = body.get("id"), body.get("size")
    if not _is_list_of(ids, str) or not _is_list_of(sizes, JsonNumber) or len(ids) != len(sizes):
        fail("does not name its dimensions and their sizes", _STEP, field="id, size", fault="P09")
    if len(set(ids)) != len(ids):
        fail("names a dimension twice", _STEP, field="id", value=", ".join(ids), fault="P09")
    shape = [_position(size, "size", fail) for size in sizes]
    codes = {name: _codes(body, name, size, fail) for name, size in zip(ids, shape, strict=True)}
    total = prod(shape)
    if total > MAX_CELLS:
        fail("describes a cube too large to be one", _STEP, field="size", value=str(total), fault="P09")
    values = _sparse(body.get("value"), total, "value", fail)
    statuses = _sparse(body.get("status", {}), total, "status", fail)
    cells = _cells(ids, shape, codes, values, statuses)
    _check_no_data(body, codes, cells.filter(pl.col("value") != ""), fail)
    read = ("id", "size", "dimension", "value", "status")
    return Cube(tuple(ids), codes, cells, {name: fact for name, fact in body.items() if name not in read})


def _is_list_of(found: object, kind: type[_Kind]) -> TypeGuard[list[_Kind]]:
    return isinstance(found, list) and all(isinstance(item, kind) for item in found)


def _position(text: Any, field: str, fail: Fail) -> int:
    """A whole number from 0, as text of JSON or as a key of a sparse object."""
    if not isinstance(text, str) or not text.isascii() or not text.isdigit() or len(text) > 15:
        fail("holds a position that is no whole number", _STEP, field=field, value=str(text), fault="P10")
    return int(text)


def _codes(body: dict[str, Any], name: str, size: int, fail: Fail) -> tuple[str, ...]:
    """The codes of a dimension in their order, from a list or from an object code -> position."""
    dimension = body.get("dimension")
    found = dimension.get(name) if isinstance(dimension, dict) else None
    category = found.get("category") if isinstance(found, dict) else None
    index = category.get("index") if isinstance(category, dict) else None
    if isinstance(index, dict):
        placed = {_position(place, f"dimension.{name}", fail): code for code, place in index.items()}
        index = [placed[place] for place in sorted(placed)] if set(placed) == set(range(len(index))) else None
    if not _is_list_of(index, str) or any(isinstance(code, JsonNumber) for code in index):
        fail("does not list the codes of a dimension", _STEP, field=f"dimension.{name}", fault="P09")
    if len(index) != size or len(set(index)) != size:
        what = f"lists {len(set(index))} codes of a dimension whose size is {size}"
        fail(what, _STEP, field=f"dimension.{name}", fault="P09")
    return tuple(index)


def _sparse(found: Any, total: int, field: str, fail: Fail) -> dict[int, str]:
    """Position -> text, from an object or from a list as long as the cube; null says nothing."""
    if isinstance(found, list):
        if len(found) != total:
            what = f"lists {len(found)} cells of a cube of {total}"
            fail(what, _STEP, field=field, fault="P09")
        pairs = dict(enumerate(found))
    elif isinstance(found, dict):
        pairs = {_position(place, field, fail): cell for place, cell in found.items()}
    else:
        fail("is neither a list nor an object of cells", _STEP, field=field, fault="P09")
    for place, cell in pairs.items():
        if place >= total:
            fail(
                f"holds a cell outside its cube of {total}", _STEP, field=field, value=str(place), fault="P10"
            )
        if cell is not None and not isinstance(cell, str):
            fail("holds a cell that is neither number nor text", _STEP, field=f"{field}.{place}", fault="P09")
    return {place: str(cell) for place, cell in pairs.items() if cell is not None}


def _cells(
    ids: list[str],
    shape: list[int],
    codes: dict[str, tuple[str, ...]],
    values: dict[int, str],
    statuses: dict[int, str],
) -> pl.DataFrame:
    """The last dimension varies fastest."""
    places = sorted({*values, *statuses})
    frame = pl.DataFrame(
        {
            "_line": pl.Series(places, dtype=pl.Int64),
            "value": pl.Series([values.get(place, "") for place in places], dtype=pl.String),
            "status": pl.Series([statuses.get(place, "") for place in places], dtype=pl.String),
        }
    )
    columns, step = [], 1
    for name, size in zip(reversed(ids), reversed(shape), strict=True):
        at = (frame["_line"] // step % max(size, 1)).cast(pl.UInt32)
        columns.append(pl.Series(codes[name], dtype=pl.String).gather(at).alias(name))
        step *= max(size, 1)
    return frame.select("_line", *reversed(columns), "value", "status")


def _check_no_data(
    body: dict[str, Any], codes: dict[str, tuple[str, ...]], with_value: pl.DataFrame, fail: Fail
) -> None:
    """Eurostat's extension `positions-with-no-data` must agree with the values (it is not needed to read)."""
    extension = body.get("extension")
    said = extension.get("positions-with-no-data", {}) if isinstance(extension, dict) else {}
    field = "positions-with-no-data"
    if not isinstance(said, dict) or not set(said) <= set(codes):
        fail("says of unknown dimensions where it has no data", _STEP, field=field, fault="P10")
    for name, places in said.items():
        if not _is_list_of(places, JsonNumber):
            fail("does not list positions without data", _STEP, field=f"{field}.{name}", fault="P10")
        used = set(with_value[name].unique().to_list())
        for place in (_position(place, field, fail) for place in places):
            if place >= len(codes[name]) or codes[name][place] in used:
                what = "says that a position has no data, and gives data for it"
                fail(what, _STEP, field=f"{field}.{name}", value=str(place), fault="P10")
