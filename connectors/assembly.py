"""From the tables of a data set's parts to one observation file: written part by part, never all in memory.

What belongs here: the order of parts, the hash of their content, keys that two parts share. What does not:
which parts there are (ingest.py), where the file goes (store.py).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from connectors import observations
from connectors.errors import SourceError

# Two parts that share none of these cannot share a key, and there are far fewer of them than rows.
_CELLS = ("series", "ref_area", "time_period")


@dataclass(frozen=True)
class Assembled:
    """One observation file at `path`, and what it says: counts, first and last year, content hash."""

    path: Path
    content_sha256: str
    rows: int
    areas: int
    first_year: int | None
    last_year: int | None


def assemble(
    tables: Iterable[tuple[str, pl.DataFrame]], folder: Path, provider: str, dataset: str
) -> Assembled:
    """Write the tables of named parts into one file below `folder`, in the order of their names.

    The hash is over the hash of each part's content, so that a part hashes alike whatever comes with it.
    Raises SourceError if two parts hold the same key.
    """
    hashes: dict[str, str] = {}
    files: list[Path] = []
    cells: list[pl.DataFrame] = []
    rows = 0
    for name, table in tables:
        hashes[name] = observations.content_sha256(table)
        files.append(folder / f"{len(files)}.part.parquet")
        observations.write_parquet(table, files[-1])
        cells.append(table.select(_CELLS).unique().cast(pl.String))
        rows += table.height
        del table
    held = pl.concat(cells) if cells else observations.empty_table().select(_CELLS)
    del cells
    _refuse_shared_keys(held, files, provider, dataset)
    years = held["time_period"].cast(pl.Int32)
    return Assembled(
        _merge(sorted(zip(hashes, files, strict=True)), folder),
        hashlib.sha256(json.dumps(hashes, sort_keys=True).encode()).hexdigest(),
        rows,
        held["ref_area"].n_unique(),
        min(years.to_list(), default=None),
        max(years.to_list(), default=None),
    )


def _merge(files: list[tuple[str, Path]], folder: Path) -> Path:
    if not files:
        path = folder / "observations.parquet"
        observations.write_parquet(observations.empty_table(), path)
        return path
    if len(files) == 1:
        return files[0][1]
    return observations.merge_parquet([path for _, path in files], folder / "observations.parquet")


def _refuse_shared_keys(held: pl.DataFrame, files: list[Path], provider: str, dataset: str) -> None:
    shared = held.filter(pl.struct(_CELLS).is_duplicated()).unique()
    if shared.is_empty():
        return
    key = list(observations.KEY)
    every = observations.scan_parquet(files).select(key)
    rows = every.join(shared.lazy(), on=list(_CELLS), how="semi").collect()
    twice = rows.filter(pl.struct(key).is_duplicated())
    if twice.height:
        first = twice.row(0, named=True)
        raise SourceError(
            provider,
            dataset,
            f"gives {twice.height} rows of the same key in two of its parts (first: {first['series']}, area "
            f"{first['ref_area']}, {first['time_period']})",
            field="key",
            next_step="look at the snapshots; two parts must not overlap",
            fault="V15",
        )
