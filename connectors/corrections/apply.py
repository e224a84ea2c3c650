"""Applying the corrections of one data set to the table of one part.

What belongs here: finding the cells of an entry, changing them, withholding them where they are no longer
those that were reviewed, failing where the error is gone. What does not: the entries (register.py). The raw
text of a cell (`obs_value_raw`) always stays, and `comment_obs` names the entry.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace

import polars as pl

from connectors import observations
from connectors.corrections.register import Correction, Register
from connectors.protocols.base import Fail, Parsed
from connectors.records import SourceWarning

_CELL = ("ref_area", "time_period", "dimensions")


def apply_corrections(parsed: Parsed, register: Register, part: str, version: str, fail: Fail) -> Parsed:
    """The part with its known errors treated. `version` is the provider's, as the first half of a vintage id.

    Cells that are no longer those reviewed are kept out whatever the rule, with a warning that a person has
    to accept before a release: nobody knows yet whether they were mended. Fails if the cells of an entry are
    gone.
    """
    table, quarantine, warnings = parsed.table, list(parsed.quarantine), list(parsed.warnings)
    held = set(table["series"].unique())
    if register.corrections:
        table = table.cast({name: kind for name, kind in observations.SCHEMA.items() if kind == pl.String})
    for entry in register.corrections:
        if entry.series not in held or not entry.concerns(version):
            continue
        chosen = _choose(table, entry)
        changed = _what_changed(table.filter(chosen), entry, register.file, version, fail)
        if changed:
            warnings.append(SourceWarning(fault="V07", part=part, text=changed))
        if entry.rule == "drop":
            quarantine += [_set_aside(row, part, entry) for row in table.filter(chosen).to_dicts()]
            table = table.filter(~chosen)
        else:
            table = _change(table, chosen, entry, is_reviewed=not changed)
    done = observations.to_table(table)
    return replace(parsed, table=done, quarantine=quarantine, warnings=tuple(warnings))


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


def _what_changed(cells: pl.DataFrame, entry: Correction, file: str, version: str, fail: Fail) -> str:
    """What is said of cells that are not those reviewed; nothing if they are. Fails if there are none."""
    if cells.is_empty():
        fail(
            f"no longer holds the error of correction {entry.id} of {file}: none of its cells has a value",
            f"if the provider has mended it, close the entry with `until: {version}`; never remove it: older "
            "snapshots, and the releases that pin them, are read again with it",
            field=entry.series,
            fault="V07",
        )
    found = fingerprint(cells)
    if (cells.height, found) == (entry.cells, entry.fingerprint):
        return ""
    return (
        f"changed the cells of correction {entry.id} of {file}: {entry.cells} were reviewed "
        f"({entry.fingerprint}), there are {cells.height} now ({found}); they are kept out until the entry "
        f"is reviewed again. Close it with `until: {version}`, and write another one for what is still wrong"
    )


def _change(table: pl.DataFrame, chosen: pl.Series, entry: Correction, *, is_reviewed: bool) -> pl.DataFrame:
    here, rule = pl.lit(chosen), entry.rule if is_reviewed else "withhold"
    note = "" if is_reviewed else " (the cells changed since they were reviewed)"
    mark = pl.lit(f"Correction {entry.id}: {entry.wrong}{note}")
    comment = pl.concat_str(mark, pl.col("comment_obs"), separator=" | ", ignore_nulls=True)
    table = table.with_columns(comment_obs=pl.when(here).then(comment).otherwise("comment_obs"))
    if rule == "scale":
        return table.with_columns(
            obs_value=pl.when(here).then(pl.col("obs_value") * entry.factor).otherwise("obs_value")
        )
    if rule == "relabel":
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
