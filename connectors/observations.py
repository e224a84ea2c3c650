"""The canonical observation table: its columns, its order, its content hash, its Parquet file.

What belongs here: everything true of observations whatever the provider. What does not: reading a wire format
(protocols/), harmonising areas or units (dbt). SDMX names are used from here to the release.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import polars as pl

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
NULLABLE = frozenset({"obs_value", "obs_bound", "comment_obs"})
KEY = ("series", "ref_area", "time_period", "dimensions")
# A time stamp in a header changes the snapshot but not the data: the content hash leaves these out.
NOT_CONTENT = frozenset({"provider", "dataset", "snapshot_sha256"})


def empty_table() -> pl.DataFrame:
    """The typed empty table, for a data set without any vintage."""
    return pl.DataFrame(schema=SCHEMA)


def to_table(rows: pl.DataFrame | Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    """Typed, sorted and validated. Raises SourceError on a null that may not be, or a repeated key."""
    table = rows if isinstance(rows, pl.DataFrame) else pl.DataFrame(list(rows), schema=SCHEMA)
    table = table.select(pl.col(name).cast(kind) for name, kind in SCHEMA.items()).sort(KEY)
    for name in SCHEMA:
        if name not in NULLABLE and table[name].null_count():
            raise _broken(table, f"column {name} has {table[name].null_count()} missing values", name)
    infinite = table.filter(pl.col("obs_value").is_infinite() | pl.col("obs_value").is_nan())
    if infinite.height:
        raise _broken(infinite, "a value is not a finite number", "obs_value")
    repeated = table.filter(pl.struct(KEY).is_duplicated())
    if repeated.height:
        raise _broken(repeated, f"{repeated.height} rows share a key", "key")
    return table


def content_sha256(table: pl.DataFrame) -> str:
    """Hash of what the rows say, equal for equal data whatever its bytes, row order or library version."""
    table = table.sort(KEY)
    digest = hashlib.sha256()
    for name, kind in SCHEMA.items():
        if name in NOT_CONTENT:
            continue
        column = table[name]
        if name == "obs_value_raw":
            # "1.50" rewritten as "1.5" is no change; where there is no number, the text is the content.
            column = table.select(pl.when(pl.col("obs_value").is_null()).then("obs_value_raw"))[
                "obs_value_raw"
            ]
        digest.update(f"\x1d{name}\x1d{table.height}\x1d".encode())
        digest.update(_numbers(column) if kind.is_numeric() else _texts(column))
    return digest.hexdigest()


def write_parquet(table: pl.DataFrame, path: Path) -> None:
    """Write `table` so that equal tables give equal bytes. The caller owns atomicity (store.py)."""
    table.write_parquet(
        path, compression="zstd", compression_level=3, statistics=True, row_group_size=100_000
    )


def merge_parquet(paths: list[Path], path: Path) -> Path:
    """Write the rows of several files, in their order, into one, without holding them all. Gives `path`."""
    pl.scan_parquet(paths).sink_parquet(
        path,
        compression="zstd",
        compression_level=3,
        statistics=True,
        row_group_size=100_000,
        maintain_order=True,
    )
    return path


def read_parquet(path: Path) -> pl.DataFrame:
    """Read a table written by `write_parquet`."""
    return pl.read_parquet(path)


def _numbers(column: pl.Series) -> bytes:
    values = column.cast(pl.Float64).to_list()
    # -0.0 and 0.0 are one value.
    return b"".join(b"\x00" if v is None else b"\x01" + struct.pack("<d", v + 0.0) for v in values)


def _texts(column: pl.Series) -> bytes:
    return "\x1e".join("\x00" if text is None else text for text in column.to_list()).encode()


def _broken(rows: pl.DataFrame, what: str, field: str) -> SourceError:
    first = rows.row(0, named=True)
    return SourceError(
        first["provider"] or "",
        first["dataset"] or "",
        f"{what} (first: {first['series']}, area {first['ref_area']}, {first['time_period']})",
        field=field,
        next_step="report this to the maintainers of the connector",
    )
