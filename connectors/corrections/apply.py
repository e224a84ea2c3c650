"""Applying the corrections of one data set to the table of one part.

What belongs here: finding the cells of an entry, changing them, and refusing an entry whose error is gone or
has changed. What does not: the entries (register.py). The raw text of a cell (`obs_value_raw`) always stays,
and `comment_obs` names the entry.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace

import polars as pl

from connectors import observations
from connectors.corrections.register import Correction, Register
from connectors.protocols.base import Fail, Parsed

_CELL = ("ref_area", "time_period", "dimensions")


def apply_corrections(parsed: Parsed, register: Register, part: str, version: str, fail: Fail) -> Parsed:
    """The part with its known errors treated. `version` is the provider's, as the first half of a vintage id.

    Fails if the cells of an entry are gone or are no longer those that were reviewed.
    """
    table, quarantine = parsed.table, list(parsed.quarantine)
    held = set(table["series"].unique())
    if register.corrections:
        table = table.cast({name: kind for name, kind in observations.SCHEMA.items() if kind == pl.String})
    for entry in register.corrections:
        if entry.series not in held or version < entry.since:
            continue
        chosen = _choose(table, entry)
        _require_reviewed(table.filter(chosen), entry, fail)
        if entry.rule == "drop":
            quarantine += [_set_aside(row, part, entry) for row in table.filter(chosen).to_dicts()]
            table = table.filter(~chosen)
        else:
            table = _change(table, chosen, entry)
    return replace(parsed, table=observations.to_table(table), quarantine=quarantine)


def fingerprint(cells: pl.DataFrame) -> str:
    """Sixteen hexadecimal digits that change with any value of these cells, and tell none of them."""
    rows = cells.select(*_CELL, "obs_value").sort(_CELL).rows()
    return hashlib.sha256(repr(rows).encode()).hexdigest()[:16]


def _choose(table: pl.DataFrame, entry: Correction) -> pl.Series:
    """Which rows hold a value the entry is about."""
    first, last = entry.years
    chosen = (pl.col("series") == entry.series) & pl.col("obs_value").is_not_null()
    chosen &= pl.col("time_period").cast(pl.Int32).is_between(first, last)
    if entry.areas:
        chosen &= pl.col("ref_area").is_in(entry.areas)
    for name, code in entry.dimensions.items():
        chosen &= pl.col("dimensions").str.contains(f'"{name}":"{code}"', literal=True)
    return table.select(chosen.alias("chosen"))["chosen"]


def _require_reviewed(cells: pl.DataFrame, entry: Correction, fail: Fail) -> None:
    if cells.is_empty():
        fail(
            f"no longer holds the error of correction {entry.id}",
            "remove the correction: the provider has mended it",
            field=entry.series,
        )
    found = fingerprint(cells)
    if (cells.height, found) != (entry.cells, entry.fingerprint):
        fail(
            f"changed the cells of correction {entry.id}: {entry.cells} were reviewed "
            f"({entry.fingerprint}), there are {cells.height} now ({found})",
            "review the correction again: the provider may have mended the error",
            field=entry.series,
        )


def _change(table: pl.DataFrame, chosen: pl.Series, entry: Correction) -> pl.DataFrame:
    here = pl.lit(chosen)
    mark = pl.lit(f"Correction {entry.id}: {entry.wrong}")
    comment = pl.concat_str(mark, pl.col("comment_obs"), separator=" | ", ignore_nulls=True)
    table = table.with_columns(comment_obs=pl.when(here).then(comment).otherwise("comment_obs"))
    if entry.rule == "scale":
        return table.with_columns(
            obs_value=pl.when(here).then(pl.col("obs_value") * entry.factor).otherwise("obs_value")
        )
    if entry.rule == "relabel":
        return table.with_columns(unit_measure=pl.when(here).then(pl.lit(entry.to)).otherwise("unit_measure"))
    return table.with_columns(
        obs_value=pl.when(here).then(None).otherwise("obs_value"),
        obs_status=pl.when(here).then(pl.lit("O")).otherwise("obs_status"),
    )


def _set_aside(row: dict[str, object], part: str, entry: Correction) -> dict[str, object]:
    return {
        "part": part,
        "line": None,
        "reason": f"correction {entry.id}: {entry.wrong}",
        "ref_area": row["ref_area"],
        "time_period": row["time_period"],
        "value": row["obs_value_raw"],
    }
