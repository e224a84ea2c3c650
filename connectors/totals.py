"""Do the parts of a total add up to it (V16)? A total counted among its parts, or rows of two levels mixed,
shows here.

What belongs here: the declared sums (`sums` of a declaration). What does not: sums over countries or
between data sets (the gate).
"""

from __future__ import annotations

import polars as pl

from connectors.protocols.base import Fail
from connectors.records import SourceWarning
from connectors.spec import DatasetSpec, PartsOfTotal

# Accounts hold errors of their own; mixed levels break every total.
BROKEN_SHARE = 0.10


def check_totals(table: pl.DataFrame, spec: DatasetSpec, part: str, fail: Fail) -> tuple[SourceWarning, ...]:
    """Refuse (or, if so declared, warn of) a part of whose totals more than a tenth are not their sum."""
    warnings = []
    for declared in spec.sums:
        if declared.part != part:
            continue
        compared = _compare(table, declared)
        broken = compared.filter(pl.col("distance") > declared.tolerance)
        if broken.height <= BROKEN_SHARE * compared.height:
            continue
        first = broken.row(0, named=True)
        text = (
            f"{broken.height} of {compared.height} totals {declared.total} are not the sum of "
            f"{', '.join(declared.addends)} (first: area {first['ref_area']}, {first['time_period']}: sum "
            f"{first['parts']:.6g}, total {first['total']:.6g})"
        )
        if declared.on_failure == "fail":
            fail(
                text,
                "look whether totals and parts are mixed; nothing may be added up until then",
                field=declared.dimension,
                fault="V16",
            )
        warnings.append(SourceWarning(fault="V16", part=part, text=text))
    return tuple(warnings)


def _compare(table: pl.DataFrame, declared: PartsOfTotal) -> pl.DataFrame:
    """Each total of which every addend has a value: ref_area, time_period, parts, total, distance."""
    table = table.with_columns(
        pl.col("ref_area", "time_period", "unit_measure", "dimensions").cast(pl.String)
    )
    marker = f'"{declared.dimension}":"'
    code = pl.col("dimensions").str.extract(f'{_escape(marker)}([^"]*)"')
    rest = pl.col("dimensions").str.replace(f'{_escape(marker)}[^"]*"', marker)
    keys = ["ref_area", "time_period", "unit_measure", "_rest"]
    value = pl.col("obs_value") * pl.lit(10.0).pow(pl.col("unit_mult"))
    rows = table.select("ref_area", "time_period", "unit_measure", _code=code, _rest=rest, _value=value)
    rows = rows.filter(pl.col("_value").is_not_null())
    addends = rows.filter(pl.col("_code").is_in(declared.addends)).group_by(keys)
    summed = addends.agg(parts=pl.col("_value").sum(), found=pl.len())
    whole = summed.filter(pl.col("found") == len(declared.addends))
    totals = rows.filter(pl.col("_code") == declared.total).rename({"_value": "total"})
    compared = totals.join(whole, on=keys).filter((pl.col("total") != 0) | (pl.col("parts") != 0))
    distance = (pl.col("parts") - pl.col("total")).abs() / pl.max_horizontal(
        pl.col("total").abs(), pl.col("parts").abs()
    )
    return compared.with_columns(distance=distance).sort("ref_area", "time_period", "unit_measure", "_rest")


def _escape(text: str) -> str:
    return "".join(f"\\{c}" if c in r"\.+*?()|[]{}^$" else c for c in text)
