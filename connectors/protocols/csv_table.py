"""Strict CSV: from bytes to a frame of text columns, nothing guessed.

What belongs here: separator, quotes, ragged lines, repeated columns, for every provider that writes CSV. What
does not: which columns a provider must send (its own module), what a cell means (rows.py).

polars reads quickly and forgives much: it pads short lines and takes stray quotes. So a body goes to polars
only after a scan of its separators, line ends and quotes has proved that nothing needs forgiving; any other
body goes to Python's own `csv`, which reads it, or names the line that is wrong.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Sequence

import numpy as np
import polars as pl

from connectors.protocols.base import Fail, check_text
from connectors.wire import name_format

MAX_CELL = 200_000
_PIECE = 1 << 18  # fits the cache of a core
_COMMA, _SEMICOLON, _QUOTE, _LF, _CR = b',;"\n\r'
_STEP = "look at the snapshot; the format may have changed"


def read_csv(data: bytes, fail: Fail, *, text: Collection[str] | None = None) -> pl.DataFrame:
    """`_line` (the 1-based data row) and every column of the table as text; an empty cell is "".

    `data` is UTF-8, with or without byte order mark; the separator (comma or semicolon) is the header's.
    With `text`, the names of columns whose values mostly differ, all other columns are categorical, which is
    smaller and quicker. Ragged lines, repeated columns and a last line without its end are refused, each with
    its place.
    """
    data = check_text(data, fail)
    if data and not data.endswith(b"\n"):
        what = "is cut short: its last line is not complete"
        fail(what, "refresh again", transient=True, fault="T05")
    if (found := name_format(data)) != "something else":
        fail(f"was expected to be CSV and is {found}", "run `circularity probe`", fault="T03")
    first = data[: data.find(b"\n") + 1]
    separator = ";" if first.count(b";") > first.count(b",") else ","
    head = _head(first, separator)
    kinds = [pl.String() if text is None or name in text else pl.Categorical() for name in head]
    if len(head) > 1 and is_regular(data, ord(separator), len(head), quoted=True):
        frame = _plain(data, kinds, separator)
    else:
        frame, head = _exact(data, separator, fail)
    if len(set(head)) != len(head):
        fail("names a column twice", _STEP, field=", ".join(head), fault="P06")
    if "_line" in head:
        fail("names a column _line, which this program uses itself", _STEP, field="_line")
    frame.columns = head
    if text is not None:
        coded = [name for name in head if name not in text]
        # polars reads an empty cell of a categorical column as null, whatever it is told.
        frame = frame.with_columns(pl.col(coded).cast(pl.Categorical()).fill_null(""))
    return frame.with_row_index("_line", offset=1)


def is_regular(data: bytes, separator: int, columns: int, *, quoted: bool) -> bool:
    """Whether each line holds exactly `columns` fields, by RFC 4180 where `quoted`, none of them too long.

    False is no verdict on the data: it says that only an exact reader can tell.
    """
    if data.count(b"\r") not in (0, data.count(b"\r\n")):
        return False
    quoted = quoted and _QUOTE in data
    inside, fields, last_end = 0, 0, -1
    for start in range(0, len(data), _PIECE):
        piece = np.frombuffer(data, np.uint8, min(_PIECE, len(data) - start), start)
        marked = (piece == separator) | (piece == _LF)
        if quoted:
            marked |= piece == _QUOTE
        at = np.flatnonzero(marked)
        marks = piece[at]
        if quoted and len(at):
            is_quote = marks == _QUOTE
            parity = (np.cumsum(is_quote, dtype=np.uint8) & 1) ^ inside
            if not _quotes_stand_well(data, at[is_quote] + start, parity[is_quote], separator):
                return False
            inside = int(parity[-1])
            marks, at = marks[~is_quote & (parity == 0)], at[~is_quote & (parity == 0)]
        ends = np.flatnonzero(marks == _LF)
        if len(ends):
            if ends[0] + fields != columns - 1 or (np.diff(ends) != columns).any():
                return False
            lengths = np.diff(at[ends] + start, prepend=last_end)
            if lengths.max() > MAX_CELL:
                return False
            last_end = int(at[ends[-1]]) + start
        fields = len(marks) - 1 - int(ends[-1]) if len(ends) else fields + len(marks)
    return not inside and not fields


def _quotes_stand_well(data: bytes, at: np.ndarray, parity: np.ndarray, separator: int) -> bool:
    """Whether quotes (their places, and 1 where one opens) open after, and close before, the end of a field.

    A doubled quote closes and opens again.
    """
    whole = np.frombuffer(data, np.uint8)
    before, after = whole[at[parity == 1] - 1], whole[at[parity == 0] + 1]
    opens = (before == separator) | (before == _LF) | (before == _QUOTE) | (at[parity == 1] == 0)
    closes = (after == separator) | (after == _LF) | (after == _CR) | (after == _QUOTE)
    return bool(opens.all() and closes.all())


def _head(line: bytes, separator: str) -> list[str]:
    """The names in a header of one line; none if it is no such line."""
    try:
        return next(csv.reader([line.decode()], delimiter=separator, strict=True), [])
    except csv.Error:
        return []


def _plain(data: bytes, kinds: Sequence[pl.DataType], separator: str) -> pl.DataFrame:
    """The columns of a body known to be regular, whose header is its first line."""
    schema = {str(index): kind for index, kind in enumerate(kinds)}
    if data.find(b"\n") == len(data) - 1:
        return pl.DataFrame(schema=schema)
    return pl.read_csv(
        data, has_header=False, skip_lines=1, schema=schema, separator=separator, empty_string_is_null=False
    )


def _exact(data: bytes, separator: str, fail: Fail) -> tuple[pl.DataFrame, list[str]]:
    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(io.StringIO(data.decode(), newline=""), delimiter=separator, strict=True)
    try:
        head = next(reader, [])
        rows = list(reader)
    except csv.Error as error:
        fail(f"is not a CSV table (line {reader.line_num}: {error})", _STEP, fault="P06")
    for number, row in enumerate(rows, start=1):
        if len(row) != len(head):
            what = f"has {len(row)} fields instead of {len(head)} in data row {number}"
            fail(what, _STEP, fault="P06")
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(head)
    return pl.DataFrame([pl.Series(str(n), column, pl.String) for n, column in enumerate(columns)]), head
