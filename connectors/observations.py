"""The canonical observation table: its columns, its order, its content hash, its Parquet file.

What belongs here: everything true of observations whatever the provider. What does not: reading a wire format
(protocols/), harmonising areas or units (dbt). SDMX names are used from here to the release.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from connectors.coded import coded, ranked, texts_of
from connectors.errors import SourceError

SCHEMA = pl.Schema(
    {
        "provider": pl.String(),
        "dataset": pl.String(),
        "series": pl.String(),
        "ref_area": pl.String(),  # as the provider writes it
        "time_period": pl.String(),
        "dimensions": pl.String(),  # canonical JSON: keys sorted, no blanks
        "obs_value": pl.Float64(),
        "obs_value_raw": pl.String(),
        "obs_bound": pl.String(),  # "<" or ">" when the provider gives a bound instead of a value
        "unit_measure": pl.String(),
        "unit_mult": pl.Int32(),
        "obs_status": pl.String(),  # one SDMX letter, the winner by precedence
        "obs_status_raw": pl.String(),  # every letter the provider gave, never shortened
        "conf_status": pl.String(),
        "nature": pl.String(),
        "comment_obs": pl.String(),
        "snapshot_sha256": pl.String(),
    }
)
# Text columns where most values differ: nothing is won by coding them.
PLAIN = frozenset({"obs_value_raw", "comment_obs"})
NULLABLE = frozenset({"obs_value", "obs_bound", "comment_obs"})
KEY = ("series", "ref_area", "time_period", "dimensions")
# A time stamp in a header changes the snapshot but not the data: the content hash leaves these out.
NOT_CONTENT = frozenset({"provider", "dataset", "snapshot_sha256"})
_MANY = 1024  # texts: a smaller dictionary costs nothing


def empty_table() -> pl.DataFrame:
    """The typed empty table, for a data set without any vintage."""
    return pl.DataFrame(schema=SCHEMA)


def to_table(rows: pl.DataFrame | Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    """Typed, sorted and validated; text columns of few values in their coded form (coded.py).

    Raises SourceError on a null that may not be, or a repeated key.
    """
    table = rows if isinstance(rows, pl.DataFrame) else pl.DataFrame(list(rows), schema=SCHEMA)
    for name in SCHEMA:
        if name not in NULLABLE and table[name].null_count():
            missing = f"column {name} has {table[name].null_count()} missing values"
            raise _broken(table, missing, name)
    table = _coded(table)
    infinite = table.filter(~pl.col("obs_value").is_finite())
    if infinite.height:
        raise _broken(infinite, "a value is not a finite number", "obs_value")
    ranks, keys = ranked([table[name] for name in KEY])
    if keys < table.height:
        repeated = table[np.flatnonzero(np.bincount(ranks)[ranks] > 1)]
        raise _broken(repeated, f"{repeated.height} rows share a key", "key")
    return _in_order(table, ranks, keys)


def content_sha256(table: pl.DataFrame) -> str:
    """Hash of what the rows say, equal for equal data whatever its bytes, row order or library version.

    SHA-256 over the columns of SCHEMA without NOT_CONTENT, rows in the order of KEY. Each column: its name
    and the number of rows, each with a line end; then for numbers one byte a row (1: there is a number), and
    one IEEE 754 double a row (0 if there is none, never -0); for texts the number of distinct values, each of
    them in the order of code points as its length in bytes and its UTF-8 bytes, and a number a row: the rank
    of its value, or 2**32 - 1 if there is none. Counts, lengths, ranks have 32 bit; all is little-endian.
    obs_value_raw has only the rows without a number.
    """
    table = _coded(table)
    table = _in_order(table, *ranked([table[name] for name in KEY]))
    digest = hashlib.sha256()
    for name, kind in SCHEMA.items():
        if name in NOT_CONTENT:
            continue
        column = table[name]
        if name == "obs_value_raw":
            # "1.50" rewritten as "1.5" is no change; where there is no number, the text is the content.
            column = column.filter(table["obs_value"].is_null())
        digest.update(f"{name}\n{len(column)}\n".encode())
        for piece in _number_bytes(column) if kind.is_numeric() else _text_bytes(column):
            digest.update(piece)
    return digest.hexdigest()


def write_parquet(table: pl.DataFrame, path: Path) -> None:
    """Write `table` so that equal tables give equal bytes. The caller owns atomicity (store.py).

    A column of many texts that hardly repeat is written as plain text: its dictionary would be several times
    as large as the texts in the order of the rows, where each is much like the one before.
    """
    kinds = [(name, kind) for name, kind in table.schema.items() if isinstance(kind, pl.Enum)]
    rare = [name for name, kind in kinds if len(kind.categories) > max(_MANY, table.height // 8)]
    table.cast(dict.fromkeys(rare, pl.String())).write_parquet(
        path, compression="zstd", compression_level=3, statistics=True, row_group_size=100_000
    )


def merge_parquet(paths: list[Path], path: Path) -> Path:
    """Write the rows of several files, in their order, into one, without holding them all. Gives `path`."""
    scan_parquet(paths).sink_parquet(
        path,
        compression="zstd",
        compression_level=3,
        statistics=True,
        row_group_size=100_000,
        maintain_order=True,
    )
    return path


def scan_parquet(paths: list[Path]) -> pl.LazyFrame:
    """The rows of files written by `write_parquet`, one after the other, all text as plain text."""
    return pl.concat([pl.scan_parquet(path).cast(SCHEMA) for path in paths])


def read_parquet(path: Path) -> pl.DataFrame:
    """Read a table written by `write_parquet`, all text as plain text."""
    return pl.read_parquet(path).cast(SCHEMA)


def _coded(table: pl.DataFrame) -> pl.DataFrame:
    """The columns of SCHEMA in their types; text is coded except in columns where most values differ."""
    return pl.DataFrame(
        [
            coded(table[name]) if kind == pl.String and name not in PLAIN else table[name].cast(kind)
            for name, kind in SCHEMA.items()
        ]
    )


def _in_order(table: pl.DataFrame, ranks: np.ndarray, keys: int) -> pl.DataFrame:
    """The table in the order of the ranks of its rows, of which there are `keys`."""
    if (ranks[1:] >= ranks[:-1]).all():
        return table
    if keys < table.height:
        return table[np.argsort(ranks, kind="stable")]
    order = np.empty(table.height, np.uint32)
    order[ranks] = np.arange(table.height, dtype=np.uint32)
    return table[pl.Series(order)]


def _number_bytes(column: pl.Series) -> Iterator[bytes]:
    yield column.is_not_null().to_numpy().astype("u1").tobytes()
    # -0.0 and 0.0 are one value.
    yield (column.cast(pl.Float64).fill_null(0).to_numpy() + 0.0).astype("<f8", copy=False).tobytes()


def _text_bytes(column: pl.Series) -> Iterator[bytes]:
    column = coded(column) if column.name in PLAIN else column
    texts = texts_of(column).cast(pl.Binary).to_list()
    yield struct.pack("<I", len(texts))
    lengths = {length: struct.pack("<I", length) for length in set(map(len, texts))}
    yield b"".join(piece for text in texts for piece in (lengths[len(text)], text))
    yield (
        column.to_physical()
        .cast(pl.UInt32)
        .fill_null(0xFFFFFFFF)
        .to_numpy()
        .astype("<u4", copy=False)
        .tobytes()
    )


def _broken(rows: pl.DataFrame, what: str, field: str) -> SourceError:
    first = rows.row(0, named=True)
    return SourceError(
        first["provider"] or "",
        first["dataset"] or "",
        f"{what} (first: {first['series']}, area {first['ref_area']}, {first['time_period']})",
        field=field,
        next_step="report this to the maintainers of the connector",
    )
