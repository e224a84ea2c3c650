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


def read_csv(
    data: bytes, fail: Fail, *, text: Collection[str] | None = None, unread: Collection[str] = ()
) -> pl.DataFrame:
    """`_line` (the 1-based data row) and every column of the table as text; an empty cell is "".

    `data` is UTF-8, with or without byte order mark; the separator (comma or semicolon) is the header's.
    With `text`, the names of columns whose values mostly differ, all other columns are categorical, which is
    smaller and quicker. Columns named in `unread` hold nulls: they are checked as lines are, and not taken.
    Ragged lines, repeated columns and a last line without its end are refused, each with its place.
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
    wanted = [index for index, name in enumerate(head) if name not in unread]
    every = len(wanted) < len(head)
    frame = None
    if wanted and len(head) > 1 and is_regular(data, ord(separator), len(head), quoted=True, every=every):
        frame = _plain(data, kinds, wanted, separator)
    if frame is None:
        frame, head = _exact(data, separator, fail)
    if len(set(head)) != len(head):
        fail("names a column twice", _STEP, field=", ".join(head), fault="P06")
    if "_line" in head:
        fail("names a column _line, which this program uses itself", _STEP, field="_line")
    taken = {str(index): name for index, name in enumerate(head) if name not in unread}
    frame = frame.select(list(taken)).rename(taken)
    if text is not None:
        frame = frame.cast({name: pl.Categorical() for name in taken.values() if name not in text})
        # polars reads an empty cell of a categorical column as null, whatever it is told.
        empty = [name for name in taken.values() if frame[name].null_count()]
        frame = frame.with_columns(pl.col(empty).fill_null(""))
    first_name = next(iter(taken.values()), "")
    again = (frame[first_name] == first_name).arg_true().to_list() if taken else []
    if again:
        fail(f"repeats its header in data row {again[0] + 1}", _STEP, field=first_name, fault="P06")
    if len(taken) < len(head):
        frame = frame.with_columns(pl.lit(None).alias(name) for name in head if name in unread).select(head)
    return frame.with_row_index("_line", offset=1)


def is_regular(data: bytes, separator: int, columns: int, *, quoted: bool, every: bool = False) -> bool:
    """Whether polars may read the lines of `data`, each with `columns` fields.

    False is no verdict on the data: it says that only an exact reader can tell. With `every` each line is
    proved to be whole here, because polars, told to leave out columns, passes over fields it does not expect.
    """
    if every or (quoted and _QUOTE in data):
        if b"\r" in data and data.count(b"\r") != data.count(b"\r\n"):
            return False
        return _each_line_is_whole(data, separator, columns)
    # Without quotes it is enough to count, since polars itself refuses a line with too many fields: if none
    # has too many, and all together have as many as they should, then none has too few.
    lines, separators, last_end, returns = 0, 0, -1, 0
    whole = np.frombuffer(data, np.uint8)
    for start in range(0, len(data), _PIECE):
        piece = np.frombuffer(data, np.uint8, min(_PIECE, len(data) - start), start)
        separators += int(np.count_nonzero(piece == separator))
        ends = np.flatnonzero(piece == _LF) + start
        if len(ends) and np.diff(ends, prepend=last_end).max() > MAX_CELL:
            return False
        # A return stands nowhere but before the end of a line.
        returns += int(np.count_nonzero(piece == _CR)) - int(np.count_nonzero(whole[ends - 1] == _CR))
        lines += len(ends)
        last_end = int(ends[-1]) if len(ends) else last_end
    return separators == lines * (columns - 1) and returns == 0


def _each_line_is_whole(data: bytes, separator: int, columns: int) -> bool:
    """Whether, by RFC 4180, each line holds exactly `columns` fields and is not too long."""
    inside, fields, last_end = 0, 0, -1
    for start in range(0, len(data), _PIECE):
        piece = np.frombuffer(data, np.uint8, min(_PIECE, len(data) - start), start)
        at = np.flatnonzero((piece == separator) | (piece == _LF) | (piece == _QUOTE))
        if not len(at):
            continue
        marks = piece[at]
        is_quote = marks == _QUOTE
        parity = (np.cumsum(is_quote, dtype=np.uint8) & 1) ^ inside
        if not _quotes_stand_well(data, at[is_quote] + start, parity[is_quote], separator):
            return False
        inside = int(parity[-1])
        outside = ~is_quote & (parity == 0)
        marks, at = marks[outside], at[outside]
        ends = np.flatnonzero(marks == _LF)
        if len(ends):
            if ends[0] + fields != columns - 1 or (np.diff(ends) != columns).any():
                return False
            if np.diff(at[ends] + start, prepend=last_end).max() > MAX_CELL:
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


def _plain(
    data: bytes, kinds: Sequence[pl.DataType], wanted: list[int], separator: str
) -> pl.DataFrame | None:
    """The wanted columns of a regular body, whose header is its first line; None if polars refuses it."""
    schema = {str(index): kind for index, kind in enumerate(kinds)}
    if data.find(b"\n") == len(data) - 1:
        return pl.DataFrame(schema=schema)
    try:
        frame = pl.read_csv(
            data,
            has_header=False,
            skip_lines=1,
            schema=schema,
            columns=wanted,
            separator=separator,
            empty_string_is_null=False,
        )
    except pl.exceptions.PolarsError:
        return None
    return frame.rechunk()


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
