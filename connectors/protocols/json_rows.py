"""A JSON answer that is one long array of flat rows: wanted fields as text columns, in little memory.

What belongs here: `{..., "data": [{...}, ...], ...}` as UN Comtrade sends it, strictly. What does not: which
fields a provider must send, what they mean (the protocol module); small answers (`json_text.read_json`).

orjson reads quickly and forgives two things: a repeated key (the last wins), and how a number was written.
So the array is read piece by piece. Where orjson writes what it read with the very bytes of the piece,
nothing was lost. Otherwise a piece counts as read only when its quotes and colons prove that each key came
once; numbers are then cut from the bytes. From the first piece where that proof fails as well, Python's own
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

from connectors.protocols.base import Fail, check_text
from connectors.protocols.json_text import (
    MAX_JSON_DEPTH,
    JsonNumber,
    read_json,
    refuse_deep,
    strict_decoder,
)

_PIECE = 1 << 18  # its objects fit the cache of a core: orjson is twice as quick as with larger ones
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
    body: bytes,
    fail: Fail,
    *,
    rows_field: str,
    fields: tuple[str, ...],
    span: tuple[int, int] | None = None,
) -> tuple[dict[str, Any], tuple[str, ...], pl.DataFrame]:
    """The answer without its rows, the names of the fields seen in them, and the rows.

    The rows are `_line` (from 1) and one text column for each of `fields`: text as sent, numbers exactly as
    written, `true` or `false`, null for null. Refused: a row without one of `fields`, a value that is no
    scalar or changes its type within a column, repeated keys, NaN, deep nesting, anything that is no JSON.
    With `span` the answer is that part of `body`, which is known to be UTF-8: a large one is not copied.
    """
    if span is None:
        body = check_text(body, fail)
    first, stop = span or (0, len(body))
    start = re.compile(b'"' + re.escape(rows_field).encode() + rb'"\s*:\s*\[').search(body, first, stop)
    if start is None:
        read_json(body[first:stop], fail)
        fail("answered JSON in an unknown form", _STEP, field=rows_field)
    reader = _Reader(body, (start.end(), stop), fields, fail)
    pieces = list(reader.pieces())
    # What is left without the array must be a whole answer: that proves the array stood where it should.
    rest = body[first : start.end() - 1] + json.dumps(_MARK).encode() + body[reader.end : stop]
    head = read_json(rest, fail)
    if not isinstance(head, dict) or head.pop(rows_field, None) != _MARK:
        fail("answered JSON in an unknown form", _STEP, field=rows_field)
    schema = dict.fromkeys(fields, pl.String())
    rows = pl.concat([pl.DataFrame(schema=schema), *pieces]).with_row_index("_line", offset=1)
    return head, tuple(reader.seen), rows


class _Reader:
    """Reads the array of rows which begins at the start of `span`; afterwards `end` is behind its bracket."""

    def __init__(self, body: bytes, span: tuple[int, int], fields: tuple[str, ...], fail: Fail) -> None:
        self.body, (self.at, self.stop), self.fields, self.fail = body, span, fields, fail
        self.end = -1
        self.rows = 0  # in the frames made so far
        self.held: list[tuple[Any, ...]] = []  # the wanted fields of the rows since then
        self.seen: dict[str, None] = {}
        self.kinds: dict[str, str] = {}

    def pieces(self) -> Iterator[pl.DataFrame]:
        """One frame for some pieces of the array."""
        while self.end < 0:
            cut = self.body.find(_BOUNDARY, self.at + _PIECE, self.stop)
            last = cut < 0
            if last:
                cut = self.body.rfind(b"}]", self.at, self.stop)
            if cut < 0 or not self._quick(b"[%b]" % self.body[self.at : cut + 1]):
                yield from self._exact()
                return
            self.at = cut + 2
            if last:
                self.end = self.at
            if last or len(self.held) >= _ROWS:
                yield self._frame()

    def _quick(self, piece: bytes) -> bool:
        """Hold the wanted fields of a piece; False where only the exact reader can tell."""
        try:
            rows = orjson.loads(piece)
        except orjson.JSONDecodeError:
            return False
        if set(map(type, rows)) != {dict}:
            return False
        as_written = orjson.dumps(rows) == piece
        if not as_written and not _keys_came_once(piece, sum(map(len, rows))):
            return False
        inner = piece.count(b"{") - len(rows)
        if (inner or piece.find(b"[", 1) > 0) and inner + piece.count(b"[", 1) >= MAX_JSON_DEPTH:
            return False
        found = self._wanted(rows)
        if not as_written:
            columns = [
                _with_texts(piece, *column)
                for column in zip(self.fields, zip(*found, strict=True), strict=False)
            ]
            if None in columns:
                return False
            found = list(zip(*columns, strict=True))
        self.held += found
        return True

    def _wanted(self, rows: Sequence[_Row]) -> list[tuple[Any, ...]]:
        """The wanted fields of some rows. Refuses a row that lacks one."""
        if not self.seen.keys() >= set[str]().union(*rows):
            for names in dict.fromkeys(map(tuple, rows)):
                self.seen.update(dict.fromkeys(names))
        try:
            # One name more than wanted, so that even a single field comes as a tuple.
            return list(map(itemgetter(*self.fields, self.fields[0]), rows))
        except KeyError:
            before = self.rows + len(self.held)
            number, row = next(
                (number, row)
                for number, row in enumerate(rows, start=before + 1)
                if not row.keys() >= set(self.fields)
            )
            lost = ", ".join(name for name in self.fields if name not in row)
            self.fail(f"lost fields in row {number}", _STEP, field=lost, fault="P07")

    def _frame(self) -> pl.DataFrame:
        """The rows held so far, which are let go."""
        columns = zip(self.fields, zip(*self.held, strict=True), strict=False)
        made = [self._series(name, values) for name, values in columns]
        self.rows += len(self.held)
        self.held = []
        return pl.DataFrame(made)

    def _series(self, name: str, values: tuple[Any, ...]) -> pl.Series:
        """A column as text."""
        kinds = self._kinds(name, values)
        if kinds == {bool}:
            return pl.Series(name, values, dtype=pl.Boolean).cast(pl.String)
        if not kinds & {int, float}:
            return pl.Series(name, values, dtype=pl.String)
        if JsonNumber in kinds:
            texts = [orjson.dumps(v).decode() if type(v) in (int, float) else v for v in values]
            return pl.Series(name, texts, dtype=pl.String)
        column = pl.Series(name, orjson.dumps(values)[1:-1].decode().split(","), dtype=pl.String)
        return column.set(column == "null", None)

    def _exact(self) -> Iterator[pl.DataFrame]:
        """The rest of the array, row by row."""
        text = self.body[self.at : self.stop].decode()
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
            rows.append(row)
            at = _skip(text, end)
            if text[at : at + 1] == ",":
                at = _skip(text, at + 1)
                if text[at : at + 1] == "]":
                    self._broken(len(rows))
            elif text[at : at + 1] != "]":
                self._broken(len(rows))
            if len(rows) == _ROWS:
                self.held += self._wanted(rows)
                rows = []
                yield self._frame()
        self.end = self.at + len(text[: at + 1].encode())
        self.held += self._wanted(rows)
        if self.held:
            yield self._frame()

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
        number = self.rows + len(self.held) + before + 1
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


def _with_texts(piece: bytes, name: str, values: tuple[Any, ...]) -> list[Any] | None:
    """The values of a column, numbers as they stand in `piece`; None if they cannot be told apart there."""
    if not {int, float} & set(map(type, values)):
        return list(values)
    texts = re.findall(b'"' + re.escape(name).encode() + rb'":\s*([^,}\s]*)', piece)
    if len(texts) != len(values):
        return None
    written = b",".join(texts).decode().split(",")
    return [
        JsonNumber(text) if type(value) in (int, float) else value
        for value, text in zip(values, written, strict=True)
    ]


def _skip(text: str, at: int) -> int:
    """The place of the next character that is no blank."""
    while text[at : at + 1] in (" ", "\t", "\r", "\n"):
        at += 1
    return at
