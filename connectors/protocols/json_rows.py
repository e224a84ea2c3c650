"""A JSON answer that is one long array of flat rows: wanted fields as text columns, in little memory.

What belongs here: `{..., "data": [{...}, ...], ...}` as UN Comtrade sends it, strictly. What does not: which
fields a provider must send, what they mean (the protocol module); small answers (`base.read_json`).

orjson reads quickly and forgives two things: a repeated key (the last wins), and how a number was written.
So the array is read piece by piece, and a piece counts as read only when its quotes and colons prove that
each key came once; numbers are cut from the bytes. From the first piece where that proof fails, Python's own
`json` reads on, row by row: it reads exactly, or names what is wrong.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from operator import itemgetter
from typing import Any, NoReturn

import numpy as np
import orjson
import polars as pl

from connectors.protocols.base import (
    MAX_JSON_DEPTH,
    Fail,
    JsonNumber,
    check_text,
    read_json,
    refuse_deep,
    strict_decoder,
)

_PIECE = 1 << 22
_ROWS = 10_000  # that are held as objects at a time
_BOUNDARY = b"},{"
_QUOTE, _COLON, _BLANK = b'": '
_STEP = "run `circularity probe`"
_MARK = "\ue000rows"  # a private character: stands for the array when the rest of the answer is read
_KINDS = {
    str: "text", bool: "true or false", JsonNumber: "a number", int: "a number", float: "a number",
}  # fmt: skip
_Row = dict[str, Any]


def read_json_rows(
    body: bytes, fail: Fail, *, rows_field: str, fields: tuple[str, ...]
) -> tuple[dict[str, Any], tuple[str, ...], pl.DataFrame]:
    """The answer without its rows, the names of the fields seen in them, and the rows.

    The rows are `_line` (from 1) and one text column for each of `fields`: text as sent, numbers exactly as
    written, `true` or `false`, null for null. Refused: a row without one of `fields`, a value that is no
    scalar or changes its type within a column, repeated keys, NaN, deep nesting, anything that is no JSON.
    """
    body = check_text(body, fail)
    start = re.search(b'"' + re.escape(rows_field).encode() + rb'"\s*:\s*\[', body)
    if start is None:
        read_json(body, fail)
        fail("answered JSON in an unknown form", _STEP, field=rows_field)
    reader = _Reader(body, start.end(), fields, fail)
    pieces = list(reader.pieces())
    # What is left without the array must be a whole answer: that proves the array stood where it should.
    rest = body[: start.end() - 1] + json.dumps(_MARK).encode() + body[reader.end :]
    head = read_json(rest, fail)
    if not isinstance(head, dict) or head.pop(rows_field, None) != _MARK:
        fail("answered JSON in an unknown form", _STEP, field=rows_field)
    schema = dict.fromkeys(fields, pl.String())
    rows = pl.concat([pl.DataFrame(schema=schema), *pieces]).with_row_index("_line", offset=1)
    return head, tuple(reader.seen), rows


class _Reader:
    """Reads the array of rows which begins at `at`; afterwards `end` is the place behind its bracket."""

    def __init__(self, body: bytes, at: int, fields: tuple[str, ...], fail: Fail) -> None:
        self.body, self.at, self.fields, self.fail = body, at, fields, fail
        self.end = -1
        self.rows = 0
        self.seen: dict[str, None] = {}
        self.kinds: dict[str, str] = {}

    def pieces(self) -> Iterator[pl.DataFrame]:
        """One frame a piece of the array."""
        while self.end < 0:
            cut = self.body.find(_BOUNDARY, self.at + _PIECE)
            last = cut < 0
            if last:
                cut = self.body.rfind(b"}]", self.at)
            frame = self._quick(self.body[self.at : cut + 1]) if cut >= 0 else None
            if frame is None:
                yield from self._exact()
                return
            yield frame
            self.at = cut + 2
            if last:
                self.end = self.at

    def _quick(self, piece: bytes) -> pl.DataFrame | None:
        """The wanted fields of a piece, or None where only the exact reader can tell."""
        try:
            rows = orjson.loads(b"[" + piece + b"]")
        except orjson.JSONDecodeError:
            return None
        if set(map(type, rows)) != {dict} or not _keys_came_once(piece, sum(map(len, rows))):
            return None
        if piece.count(b"{") + piece.count(b"[") - len(rows) >= MAX_JSON_DEPTH:
            return None
        for names in dict.fromkeys(map(tuple, rows)):
            self.seen.update(dict.fromkeys(names))
        columns = self._columns(rows)
        made = [self._series(name, values, piece) for name, values in columns.items()]
        if any(column is None for column in made):
            return None
        self.rows += len(rows)
        return pl.DataFrame(made)

    def _columns(self, rows: Sequence[_Row]) -> dict[str, tuple[Any, ...]]:
        """The wanted fields of some rows, one column each. Refuses a row that lacks one."""
        try:
            # One name more than wanted, so that even a single field comes as a tuple.
            found = list(map(itemgetter(*self.fields, self.fields[0]), rows))
        except KeyError:
            found = []
        if len(found) < len(rows):
            for number, row in enumerate(rows, start=self.rows + 1):
                lost = ", ".join(name for name in self.fields if name not in row)
                if lost:
                    self.fail(f"lost fields in row {number}", _STEP, field=lost, fault="P07")
        return dict(zip(self.fields, zip(*found, strict=True), strict=False))

    def _series(self, name: str, values: tuple[Any, ...], piece: bytes) -> pl.Series | None:
        """A column as text. Numbers are taken from the bytes, unless they are written in one way only."""
        kinds = self._kinds(name, values)
        if kinds == {bool}:
            return pl.Series(name, values, dtype=pl.Boolean).cast(pl.String)
        if kinds == {int} and b":-0" not in piece and _all_small(values):
            return pl.Series(name, values, dtype=pl.Int64).cast(pl.String)
        if kinds & {int, float}:
            texts = _number_texts(piece, name)
            if len(texts) != len(values):
                return None
            column = pl.Series(name, texts, dtype=pl.String)
            return column.set(pl.Series(values, dtype=pl.Float64, strict=False).is_null(), None)
        return pl.Series(name, values, dtype=pl.String)

    def _exact(self) -> Iterator[pl.DataFrame]:
        """The rest of the array, row by row."""
        text = self.body[self.at :].decode()
        at = _skip(text, 0)
        rows: list[_Row] = []
        decoder = strict_decoder(self.fail)
        while text[at : at + 1] != "]":
            try:
                row, end = decoder.raw_decode(text, at)
            except (json.JSONDecodeError, RecursionError):
                self._broken(len(rows))
            if not isinstance(row, dict):
                self._broken(len(rows))
            refuse_deep(text[at:end].encode(), self.fail)
            self.seen.update(dict.fromkeys(row))
            rows.append(row)
            at = _skip(text, end)
            if text[at : at + 1] == ",":
                at = _skip(text, at + 1)
                if text[at : at + 1] == "]":
                    self._broken(len(rows))
            elif text[at : at + 1] != "]":
                self._broken(len(rows))
            if len(rows) == _ROWS:
                yield self._frame(rows)
                rows = []
        self.end = self.at + len(text[: at + 1].encode())
        if rows:
            yield self._frame(rows)

    def _frame(self, rows: list[_Row]) -> pl.DataFrame:
        """The wanted fields of rows read exactly."""
        made = []
        for name, values in self._columns(rows).items():
            texts = [str(v).lower() if isinstance(v, bool) else v for v in values]
            self._kinds(name, values)
            made.append(pl.Series(name, texts, dtype=pl.String))
        self.rows += len(rows)
        return pl.DataFrame(made)

    def _kinds(self, name: str, values: tuple[Any, ...]) -> set[type]:
        """The types in a column but null. Refuses what is no scalar, or not what the column held before."""
        kinds = [kind for kind in dict.fromkeys(map(type, values)) if kind is not type(None)]
        for kind in kinds:
            found = _KINDS.get(kind, "a nested value")
            known = self.kinds.setdefault(name, found)
            if found != known or kind not in _KINDS:
                row = next(n for n, value in enumerate(values, start=self.rows + 1) if type(value) is kind)
                wanted = known if found != known else "a plain value"
                self.fail(f"sends {found} where {wanted} was expected, in row {row}", _STEP, field=name)
        return set(kinds)

    def _broken(self, before: int) -> NoReturn:
        number = self.rows + before + 1
        self.fail(f"is cut short, or no JSON, in row {number}", "refresh again", transient=True)


def _keys_came_once(piece: bytes, keys: int) -> bool:
    """Whether `piece` holds exactly as many keys as came out of it, so that none was overruled by another.

    Without escaped quotes every second quote closes a string, and one that closes before a colon ends a key.
    """
    if b"\\" in piece:
        piece = piece.replace(b"\\\\", b"").replace(b'\\"', b"")
    text = np.frombuffer(piece, np.uint8)
    after = text[np.flatnonzero(text == _QUOTE)[1::2] + 1]
    return not bool((after <= _BLANK).any()) and int(np.count_nonzero(after == _COLON)) == keys


def _all_small(values: Sequence[int | None]) -> bool:
    """Whether all whole numbers fit into 63 bits."""
    given = [value for value in values if value is not None]
    return min(given) >= -(1 << 63) and max(given) < 1 << 63


def _number_texts(piece: bytes, name: str) -> list[str]:
    """What stands behind each key `name`."""
    found = re.findall(b'"' + re.escape(name).encode() + rb'":\s*([^,}\s]*)', piece)
    return b",".join(found).decode().split(",")


def _skip(text: str, at: int) -> int:
    """The place of the next character that is no blank."""
    while text[at : at + 1] in (" ", "\t", "\r", "\n"):
        at += 1
    return at
