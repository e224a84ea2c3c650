"""Columns of few distinct texts, as numbers: what is true of a text is found out once, not once a row.

What belongs here: the coded form of a text column and what follows from it (ranks, groups). What does not:
what the columns mean (observations.py, protocols/rows.py).

The coded form is a polars Enum whose categories are exactly the texts that occur, in the order of their code
points: equal columns are coded alike, whatever was read before, and the number of a text is its rank.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import polars as pl


def coded(column: pl.Series) -> pl.Series:
    """The column in its coded form. Nulls stay null."""
    if column.null_count() or not len(column) or not isinstance(column.dtype, (pl.Enum, pl.Categorical)):
        return _coded_text(column)
    if isinstance(column.dtype, pl.Enum) and len(column.dtype.categories) == 1:
        return column
    numbers = column.to_physical().to_numpy()
    ids = np.flatnonzero(np.bincount(numbers))
    if isinstance(column.dtype, pl.Enum):
        known = column.dtype.categories
        if len(ids) == len(known) and known.is_sorted():
            return column
    texts = pl.Series(ids.astype(np.uint32)).cat.to(column.dtype).cast(pl.String)
    order = texts.arg_sort()
    ranks = np.empty(int(ids[-1]) + 1, _smallest(len(ids)))
    ranks[ids[order.to_numpy()]] = np.arange(len(ids))
    return from_numbers(column.name, ranks.take(numbers), texts.gather(order))


def mapped(column: pl.Series, change: Callable[[str], str]) -> pl.Series:
    """The coded column of what `change` makes of each text; `column` has no nulls."""
    column = coded(column)
    return spread(column.name, [change(text) for text in texts_of(column)], column.to_physical().to_numpy())


def from_numbers(name: str, numbers: np.ndarray, texts: pl.Series) -> pl.Series:
    """The coded column whose row n says `texts[numbers[n]]`; `texts` are distinct, sorted, and all occur."""
    return pl.Series(name, numbers).cat.to(pl.Enum(texts))


def spread(name: str, texts: Sequence[str] | pl.Series, groups: np.ndarray) -> pl.Series:
    """The coded column whose row n says `texts[groups[n]]`.

    Every group occurs; `texts` may repeat and stand in any order.
    """
    known = pl.Series(texts, dtype=pl.String)
    distinct = known.unique().sort()
    ranks = known.cast(pl.Enum(distinct)).to_physical().to_numpy()
    return from_numbers(name, ranks.take(groups), distinct)


def texts_of(column: pl.Series) -> pl.Series:
    """The distinct texts of a coded column, in the order of their numbers."""
    if not isinstance(column.dtype, pl.Enum):
        raise TypeError(f"column {column.name} is {column.dtype}, not coded")
    return column.dtype.categories


def ranked(columns: Sequence[pl.Series]) -> tuple[np.ndarray, int]:
    """(the rank of each row among the distinct rows of coded or boolean columns without nulls, their number).

    Rows rank as they sort: by the first column, then the next.
    """
    rows = len(columns[0])
    ranks, size = np.zeros(rows, np.int64), 1
    for column in columns:
        numbers = column.to_physical().to_numpy()
        count = int(numbers.max(initial=0)) + 1
        if size * count >= 1 << 62:
            ranks, size = _dense(ranks, size)
        ranks = ranks * count + numbers
        size *= count
    return _dense(ranks, size)


def first_rows(groups: np.ndarray, count: int) -> np.ndarray:
    """The first row of each of `count` groups."""
    found = np.empty(count, np.int64)
    found[groups[::-1]] = np.arange(len(groups) - 1, -1, -1)
    return found


def _coded_text(column: pl.Series) -> pl.Series:
    if column.null_count() == len(column):
        return pl.repeat(None, len(column), dtype=pl.Enum([]), eager=True).alias(column.name)
    texts = column.cast(pl.String)
    if not texts.null_count() and (texts == texts[0]).all():
        return spread(column.name, [texts[0]], np.zeros(len(texts), np.uint32))
    return texts.cast(pl.Enum(texts.unique().drop_nulls().sort()))


def _dense(ranks: np.ndarray, size: int) -> tuple[np.ndarray, int]:
    """Ranks below `size`, without those that do not occur."""
    if size > 8 * len(ranks) + 1024:
        distinct, dense = np.unique(ranks, return_inverse=True)
        return dense, len(distinct)
    seen = np.bincount(ranks, minlength=size) > 0
    return (np.cumsum(seen) - 1).take(ranks), int(np.count_nonzero(seen))


def _smallest(count: int) -> type[np.unsignedinteger[Any]]:
    """The smallest type that numbers `count` texts."""
    return np.uint8 if count <= 1 << 8 else np.uint16 if count <= 1 << 16 else np.uint32
