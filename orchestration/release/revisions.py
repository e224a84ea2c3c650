"""What changed between two releases, cell by cell and status by status.

What belongs here: the comparison on the canonical keys and its rule of equality (methodology, section 3.9).
What does not: judging whether a change was explained well enough (expectations, G5), words for people
(diff.py).
"""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa

from expectations.report import GateReport
from expectations.waivers import Decision
from orchestration.release.schema import REVISIONS
from orchestration.release.tables import state_number

REVISION_SCHEMA = pl.Schema(
    (name, kind) for name, kind in pl.Schema(REVISIONS.arrow_schema()).items() if name != "illustrative"
)
"""The columns of REVISIONS which a comparison fills; whether rows are illustrative, the release says."""


def revisions_table(
    current_dir: Path, previous_dir: Path | None, decisions: Sequence[Decision] = ()
) -> pl.DataFrame:
    """Every added, removed and revised value and every changed status, sorted by key; unchanged ones are not
    in it.

    Both folders hold rpt_observation.parquet and rpt_progress.parquet. Without a predecessor the table is
    empty: nothing was published before that could change. A decision of gate G5 that covers a row gives it
    its reason.
    """
    if previous_dir is None:
        return pl.DataFrame(schema=REVISION_SCHEMA)
    changes = pl.concat(
        [
            _compare_values(_observations(current_dir), _observations(previous_dir)),
            _compare_statuses(_progress(current_dir), _progress(previous_dir)),
        ]
    )
    explained = [_explain(row, decisions) for row in changes.to_dicts()]
    return pl.DataFrame(explained, schema=REVISION_SCHEMA, orient="row").sort(
        REVISIONS.primary_key, nulls_last=False
    )


def release_revisions(data: Path, compared: Path, gate: GateReport, illustrative: bool) -> pa.Table:
    """The table revisions as a release publishes it, with the reasons from the decisions its gate used.

    `compared` need not exist: a release without predecessor has no revisions.
    """
    decisions = [used.decision for used in gate.decisions if not used.faults]
    changes = revisions_table(data, compared if compared.is_dir() else None, decisions)
    doubles = [column.name for column in REVISIONS.columns if column.data_type == "double"]
    stated = changes.with_columns(
        *(pl.Series(name, _stated(changes[name].to_list()), dtype=pl.Float64) for name in doubles),
        pl.lit(illustrative).alias("illustrative"),
    )
    return stated.select(REVISIONS.column_names).to_arrow().cast(REVISIONS.arrow_schema())


def _stated(values: Sequence[float | None]) -> list[float | None]:
    return [None if value is None else state_number(value) for value in values]


def count_unchanged(current_dir: Path, previous_dir: Path) -> int:
    """How many values both releases state equally, from the same source code."""
    both = _observations(current_dir).join(_observations(previous_dir), on=_VALUE_KEY, suffix="_old")
    both = both.drop_nulls(["obs_value", "obs_value_old"]).filter(
        pl.col("source").eq_missing(pl.col("source_old"))
    )
    return sum(is_equal(a, b) for a, b in zip(both["obs_value"], both["obs_value_old"], strict=True))


ROUNDING_LIMIT = 0.01
"""Our own decision: a difference above this share of the value is never taken for rounding. A double does not
keep trailing zeros, so 1.0 looks like 1, and half a unit would hide a revision from 1.0 to 1.4."""


def is_equal(first: float, second: float) -> bool:
    """Whether two published numbers are the same: they differ by at most half a unit of the coarser last
    decimal.

    Methodology 3.9, bounded by ROUNDING_LIMIT. The decimals are those of the shortest text that reads back as
    the number: 1200 and 1200.4 are equal, 12.34 and 12.3 are, 1200 and 1201 are not, 1 and 1.4 are not.
    """
    if first == second:
        return True
    one, two = Decimal(repr(first)), Decimal(repr(second))
    half_unit = Decimal(5).scaleb(-min(_decimals(one), _decimals(two)) - 1)
    return abs(one - two) <= half_unit and abs(first - second) <= ROUNDING_LIMIT * max(
        abs(first), abs(second)
    )


def _decimals(number: Decimal) -> int:
    """Decimals stated, after dropping trailing zeros (Python writes 12.0 for 12)."""
    exponent = number.normalize().as_tuple().exponent
    return max(0, -int(exponent))


_VALUE_KEY = ["indicator", "breakdown", "ref_area", "time_period"]
_STATUS_KEY = ["indicator", "breakdown", "area", "area_kind", "method", "time_window"]


def _observations(folder: Path) -> pl.DataFrame:
    table = pl.read_parquet(folder / "rpt_observation.parquet")
    return table.select(*_VALUE_KEY, "area_kind", "obs_value", "obs_status", "source")


def _progress(folder: Path) -> pl.DataFrame:
    return pl.read_parquet(folder / "rpt_progress.parquet").select(*_STATUS_KEY, "status")


def _compare_values(new: pl.DataFrame, old: pl.DataFrame) -> pl.DataFrame:
    both = new.join(old, on=_VALUE_KEY, how="full", coalesce=True, suffix="_old")
    rows = []
    for row in both.to_dicts():
        change = _change_of(row)
        if change is not None:
            rows.append(
                _row(
                    table="rpt_observation",
                    indicator=row["indicator"],
                    breakdown=row["breakdown"],
                    area=row["ref_area"],
                    area_kind=row["area_kind"] or row["area_kind_old"],
                    time_period=row["time_period"],
                    change=change,
                    old_value=row["obs_value_old"],
                    new_value=row["obs_value"],
                    relative_change=_relative(row["obs_value"], row["obs_value_old"]),
                    old_status=row["obs_status_old"],
                    new_status=row["obs_status"],
                )
            )
    return pl.DataFrame(rows, schema=REVISION_SCHEMA, orient="row")


def _change_of(row: dict[str, Any]) -> str | None:
    new, old = row["obs_value"], row["obs_value_old"]
    if new is None and old is None:
        return None
    if old is None:
        return "added"
    if new is None:
        return "removed"
    if not is_equal(new, old):
        return "revised"
    if row["source"] != row["source_old"]:
        return "recoded"
    return "status" if row["obs_status"] != row["obs_status_old"] else None


def _relative(new: float | None, old: float | None) -> float | None:
    """|new - old| / |old|; none from zero, which may have meant missing (G14) and is no magnitude."""
    if new is None or not old:
        return None
    return abs(new - old) / abs(old)


def _compare_statuses(new: pl.DataFrame, old: pl.DataFrame) -> pl.DataFrame:
    both = new.join(old, on=_STATUS_KEY, how="full", coalesce=True, suffix="_old")
    rows = [
        _row(
            table="rpt_progress",
            indicator=row["indicator"],
            breakdown=row["breakdown"],
            area=row["area"],
            area_kind=row["area_kind"],
            method=row["method"],
            time_window=row["time_window"],
            change="added" if row["status_old"] is None else "removed" if row["status"] is None else "status",
            old_status=row["status_old"],
            new_status=row["status"],
        )
        for row in both.to_dicts()
        if row["status"] != row["status_old"]
    ]
    return pl.DataFrame(rows, schema=REVISION_SCHEMA, orient="row")


def _row(**fields: Any) -> dict[str, Any]:
    return {name: fields.get(name) for name in REVISION_SCHEMA}


def _explain(row: dict[str, Any], decisions: Sequence[Decision]) -> dict[str, Any]:
    finding = {name: value for name, value in row.items() if value is not None}
    for decision in decisions:
        if decision.covers("G5", finding):
            note = decision.note
            found = {"note_en": note.en, "note_fr": note.fr, "note_ru": note.ru}
            return row | found | {"reason_code": decision.reason_code}
    return row
