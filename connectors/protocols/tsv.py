"""Eurostat's wide TSV: from bytes to one text row a cell.

What belongs here: the layout (a header `freq,unit,geo\\TIME_PERIOD<TAB>2010 `, cells `value flags`).
What does not: what a flag or a value means (rows.py), which dimensions a data set must have (its protocol).
"""

from __future__ import annotations

from typing import NoReturn

import polars as pl

from connectors.protocols.base import Fail, check_text
from connectors.protocols.csv_table import is_regular

# The last dimension and the name of the columns: `geo\TIME_PERIOD`, and `geo\time` before 2022.
_CORNERS = ("\\TIME_PERIOD", "\\time")
_LETTERS = r"^([a-z]*)(?:@([A-Z]))?$"
_STEP = "look at the snapshot; the format may have changed"


def read_tsv(data: bytes, fail: Fail) -> pl.DataFrame:
    """`_line` (the 1-based data row), the dimensions, TIME_PERIOD, OBS_VALUE, OBS_FLAG, CONF_STATUS, as text;
    all but OBS_VALUE are categorical.

    `value be@C` becomes "value", "be", "C". What follows the first blank but is no flags stays with the
    value, which is then no number: nothing is cut off in silence. A cell `:` without flags is a hole of the
    wide layout, not an observation: it gives no row, as in SDMX-CSV. Ragged lines are refused by number.
    """
    data = check_text(data, fail)
    if data and not data.endswith(b"\n"):
        fail("is cut short: its last line is not complete", "refresh again", transient=True)
    dimensions, periods = _head(data[: data.find(b"\n") + 1].decode(), fail)
    wide = None
    if is_regular(data, ord("\t"), len(periods) + 1, quoted=False):
        wide = _wide(data, periods)
    if wide is None:
        _refuse_ragged(data, len(periods) + 1, fail)
    keys = _keys(wide["key"], dimensions, fail)
    cells = _cells(pl.concat([wide[period] for period in periods]).rechunk(), wide.height, periods)
    return cells.with_columns(keys[cells["_line"] - 1]).select(
        "_line", *dimensions, "TIME_PERIOD", "OBS_VALUE", "OBS_FLAG", "CONF_STATUS"
    )


def _head(line: str, fail: Fail) -> tuple[list[str], list[str]]:
    """Names of the dimensions, and the periods."""
    corner, *periods = (name.strip() for name in line.split("\t"))
    ending = next((ending for ending in _CORNERS if corner.endswith(ending)), None)
    if ending is None or not periods:
        fail("has no header `dimensions\\TIME_PERIOD` with periods", _STEP, field="header", value=corner)
    dimensions = corner.removesuffix(ending).split(",")
    names = [*dimensions, *periods]
    if len(set(names)) != len(names) or not all(names):
        fail("names a column twice, or has one without a name", _STEP, field="header", value=", ".join(names))
    return dimensions, periods


def _wide(data: bytes, periods: list[str]) -> pl.DataFrame | None:
    """One row a line; None if a line is too long."""
    schema = dict.fromkeys(["key", *periods], pl.String())
    if data.find(b"\n") == len(data) - 1:
        return pl.DataFrame(schema=schema)
    try:
        return pl.read_csv(
            data,
            has_header=False,
            skip_lines=1,
            schema=schema,
            separator="\t",
            quote_char=None,
            empty_string_is_null=False,
        )
    except pl.exceptions.PolarsError:
        return None


def _keys(key: pl.Series, dimensions: list[str], fail: Fail) -> pl.DataFrame:
    """One column a dimension; each row must name them all."""
    wrong = key.str.count_matches(",", literal=True) != len(dimensions) - 1
    if wrong.any():
        row = int(wrong.arg_max() or 0)
        fail(
            f"names other dimensions than its header in data row {row + 1}",
            _STEP,
            field="key",
            value=key[row],
        )
    parts = key.str.strip_chars().str.split_exact(",", len(dimensions) - 1)
    return parts.struct.rename_fields(dimensions).struct.unnest().cast(pl.Categorical)


def _cells(cells: pl.Series, lines: int, periods: list[str]) -> pl.DataFrame:
    """The cells, period after period, `lines` in each, that are no holes."""
    text = cells.str.strip_chars()
    places = (text != ":").arg_true()
    text = text.gather(places)
    split = text.str.contains(" ", literal=True).arg_true()
    flagged = text.gather(split).alias("cell").to_frame()
    letters = pl.col("cell").str.replace(r"^\S+\s+", "")
    known = letters.str.contains(_LETTERS)
    found = flagged.select(
        value=pl.when(known).then(pl.col("cell").str.extract(r"^(\S+)\s")).otherwise("cell"),
        flags=pl.when(known).then(letters.str.extract(_LETTERS, 1)).fill_null("").cast(pl.Categorical),
        conf=pl.when(known).then(letters.str.extract(_LETTERS, 2)).fill_null("").cast(pl.Categorical),
    )
    blank = pl.repeat("", len(text), dtype=pl.Categorical, eager=True)
    line, period = places % lines + 1, pl.Series(periods, dtype=pl.Categorical).gather(places // lines)
    return pl.DataFrame(
        {
            "_line": line.cast(pl.UInt32),
            "TIME_PERIOD": period,
            "OBS_VALUE": text.scatter(split, found["value"]),
            "OBS_FLAG": _overlaid(blank, split, found["flags"]),
            "CONF_STATUS": _overlaid(blank, split, found["conf"]),
        }
    )


def _overlaid(column: pl.Series, places: pl.Series, values: pl.Series) -> pl.Series:
    """A categorical column with other values at some places."""
    numbers = column.to_physical().scatter(places, values.to_physical())
    return numbers.cat.to(column.dtype)


def _refuse_ragged(data: bytes, columns: int, fail: Fail) -> NoReturn:
    """Name the first line that is not like the header."""
    for number, line in enumerate(data.split(b"\n")[1:-1], start=1):
        if line.count(b"\t") != columns - 1:
            found = line.count(b"\t") + 1
            fail(f"has {found} fields instead of {columns} in data row {number}", _STEP)
    fail("ends its lines in more than one way", _STEP)
