"""From a provider's cells to canonical rows: the rules that are the same for every wire format.

What belongs here: values, bounds, statuses, units, years, confidentiality, duplicates, quarantine.
What does not: a provider's column names and symbols, which arrive as a `Cells` frame and a `Rules`.

A `Cells` frame is text: _line, series, ref_area, time_period, dimensions, value, unit_measure, flags, conf,
nature, comment_obs (null where none). `_line` is the position in the source. A frame may also have
unit_mult, the power of ten its values are given in; without it they are given in the unit itself. Columns but
value and comment_obs may be categorical, which saves finding out anew how few values they have.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from connectors import observations
from connectors.coded import coded, first_rows, ranked, spread, texts_of
from connectors.errors import quote
from connectors.protocols.base import Fail, Parsed, failer
from connectors.protocols.labels import check_texts, fail_at, rows_where
from connectors.records import SourceWarning
from connectors.spec import DatasetSpec
from connectors.status import UnknownLetterError, combine, vocabularies

QUARANTINE_SHARE = 0.005
FIRST_YEAR, LAST_YEAR = 1950, 2049
COMMENT_CAP = 2000
_FEW_VALUES = (
    *("series", "ref_area", "time_period", "dimensions", "unit_measure", "flags", "conf", "nature"),
)
_NUMBER = r"^-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?$"
_NO_NUMBER = "the value is not a plain number"
_NO_YEAR = f"the period is not a year from {FIRST_YEAR} to {LAST_YEAR}"
_NEGATIVE = "the value is negative where only zero or more is possible"
_FORECAST = "forecast, not an observation"
# What a part is refused for when it has too many such rows.
_FAULTS = {_NO_NUMBER: "V01", _NO_YEAR: "V12", _NEGATIVE: "V11"}


@dataclass(frozen=True)
class Rules:
    """A provider's vocabulary: symbols that mean 'no value', and where its letters are explained."""

    missing: frozenset[str]
    flags: str
    conf: str = "eurostat_conf"
    small_when_n: bool = False  # Eurostat "0n": less than half the unit, a bound and not a zero


def to_parsed(
    cells: pl.DataFrame, spec: DatasetSpec, part: str, snapshot_sha256: str, rules: Rules
) -> Parsed:
    """Canonical observations of one part. Raises SourceError for whatever makes the part unusable."""
    fail = failer(spec, part)
    if cells.is_empty():
        fail(
            "answered no rows",
            "check whether the code still exists; empty means unknown, never zero",
            value="0 rows",
            fault="T14",
        )
    if spec.row_cap is not None and cells.height >= spec.row_cap:
        what = f"is probably truncated at {cells.height} rows"
        fail(what, "split the query", value=str(spec.row_cap), fault="T11")
    cells = _coded(cells)
    check_texts(cells, fail)
    _check_units(cells, spec.units_of(part), fail)
    frame = _add_statuses(_add_values(cells, rules, fail), rules, fail)
    frame, kept_out = _set_aside(frame, spec)
    _check_share(kept_out, cells.height, fail)
    frame, warning = _without_duplicates(frame, fail)
    warnings = [SourceWarning(fault="V14", part=part, text=warning)] if warning else []
    secret = frame.filter(pl.col("_secret_value"))
    if secret.height:
        text = f"{secret.height} confidential cells carried a value; it was not taken over"
        warnings.append(SourceWarning(fault="V17", part=part, text=text))
    constants = {"provider": spec.provider, "dataset": spec.dataset, "snapshot_sha256": snapshot_sha256}
    table = frame.with_columns(
        *(pl.lit(text, dtype=pl.Enum([text])).alias(name) for name, text in constants.items()),
        unit_mult=_multiplier(frame, fail),
    )
    quarantine = [{"part": part, **row} for row in kept_out.to_dicts()]
    return Parsed(observations.to_table(table), quarantine, tuple(warnings))


def _coded(cells: pl.DataFrame) -> pl.DataFrame:
    """The cells with text columns of few values in their coded form; no cell but a comment is null."""
    filled = (
        cells.with_columns(pl.col(*_FEW_VALUES, "value").fill_null(""))
        if cells.null_count().sum_horizontal()[0]
        else cells
    )
    return filled.with_columns(coded(filled[name]) for name in _FEW_VALUES)


def _check_units(cells: pl.DataFrame, known: tuple[str, ...], fail: Fail) -> None:
    bad = rows_where(cells, "unit_measure", lambda texts: ~texts.is_in(known))
    if bad.height:
        step = f"declared is {', '.join(known)}: decide what the new unit means before it is declared"
        fail_at(bad, "unit_measure", f"has an undeclared unit in {bad.height} rows", step, fail, "V08")


def _multiplier(frame: pl.DataFrame, fail: Fail) -> pl.Expr:
    """The column unit_mult as a number; blank means 0, the unit itself."""
    if "unit_mult" not in frame.columns:
        return pl.lit(0)
    bad = frame.filter(~pl.col("unit_mult").str.contains(r"^(-?[0-9]{1,2})?$"))
    if bad.height:
        fail_at(bad, "unit_mult", "has a unit multiplier that is no power of ten", "ask the provider", fail)
    return pl.when(pl.col("unit_mult") == "").then(pl.lit("0")).otherwise("unit_mult").cast(pl.Int32)


def _add_values(cells: pl.DataFrame, rules: Rules, fail: Fail) -> pl.DataFrame:
    """obs_value, obs_bound, _missing and _bad_number from the text of the cell."""
    frame = _with_numbers(cells, rules)
    bad = frame.filter("_bad_number")
    unknown = bad.filter(~pl.col("value").str.contains("[0-9]"))
    if unknown.height:
        what, step = "uses an unknown symbol for a value", "find out what the symbol means"
        fail_at(unknown, "value", what, step, fail, "V02")
    infinite = frame.filter(pl.col("_number") & ~pl.col("obs_value").is_finite().fill_null(False))
    if infinite.height:
        what = "holds a number too large to be one"
        fail_at(infinite, "value", what, "ask the provider", fail, "P04")
    if rules.small_when_n:
        with_n = [flags for flags in texts_of(frame["flags"]) if "n" in flags]
        small = pl.col("_number") & (pl.col("obs_value") == 0) & pl.col("flags").is_in(with_n)
        if frame.select(small.any()).item():
            frame = frame.with_columns(
                obs_value=pl.when(small).then(None).otherwise("obs_value"),
                obs_bound=pl.when(small).then(pl.lit("<")).otherwise("obs_bound"),
            )
    return frame


def _with_numbers(cells: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """The cells with obs_value, obs_bound, _number, _missing and _bad_number; `value` is stripped."""
    text = cells["value"]
    number = text.str.contains(_NUMBER)
    odd = text.filter(~number)
    if (odd != odd.str.strip_chars()).any():
        text = text.str.strip_chars()
        number = text.str.contains(_NUMBER)
    missing = text.is_in(sorted(rules.missing))
    other = ~number & ~missing
    bound = pl.repeat(None, len(text), dtype=pl.String, eager=True)
    if other.any():
        places = other.arg_true()
        bound = bound.scatter(places, text.gather(places).str.extract(r"^([<>])\s*-?[0-9]"))
    return cells.with_columns(
        value=text,
        _number=number,
        _missing=missing,
        obs_bound=bound,
        obs_value=text.cast(pl.Float64, strict=False).set(~number, None),
        _bad_number=other & bound.is_null(),
    )


def _add_statuses(frame: pl.DataFrame, rules: Rules, fail: Fail) -> pl.DataFrame:
    """obs_status and conf_status; the value of a confidential cell is dropped here and goes no further."""
    groups, count = ranked([frame["flags"], frame["conf"], frame["_missing"]])
    firsts = first_rows(groups, count)
    found, raw = [("", "")] * count, [""] * count
    for group in np.argsort(firsts):
        row = frame.row(int(firsts[group]), named=True)
        try:
            found[group] = combine(rules.flags, row["flags"], rules.conf, row["conf"], row["_missing"])
        except UnknownLetterError as error:
            known = " ".join(sorted({*vocabularies()[rules.flags], *vocabularies()[rules.conf]}))
            step = f"known are {known}: add the letter to reference/obs_status.csv after review"
            hit = frame[int(firsts[group]) : int(firsts[group]) + 1]
            fail_at(hit, "flags", f"uses the unknown flag {quote(str(error))}", step, fail, "V04")
        raw[group] = row["flags"] + (f"|{row['conf']}" if row["conf"] else "")
    frame = frame.with_columns(
        spread("obs_status", [status for status, _ in found], groups),
        spread("conf_status", [conf for _, conf in found], groups),
        spread("obs_status_raw", raw, groups),
        obs_value_raw="value",
        comment_obs=_shortened(frame["comment_obs"]),
    )
    secret = pl.Series(np.array([conf != "F" for _, conf in found])[groups])
    if not secret.any():
        return frame.with_columns(_secret_value=pl.lit(False))
    return frame.with_columns(
        _secret_value=secret & ~frame["_missing"],
        obs_value=pl.when(secret).then(None).otherwise("obs_value"),
        obs_bound=pl.when(secret).then(None).otherwise("obs_bound"),
        obs_value_raw=pl.when(secret).then(pl.lit("")).otherwise("value"),
    )


def _shortened(comments: pl.Series) -> pl.Series:
    """Comments without superfluous blanks, cut at COMMENT_CAP characters."""
    places = comments.is_not_null().arg_true()
    if places.is_empty():
        return comments
    tidy = comments.gather(places).str.replace_all(r"\s+", " ").str.strip_chars().str.slice(0, COMMENT_CAP)
    return comments.scatter(places, tidy)


def _set_aside(frame: pl.DataFrame, spec: DatasetSpec) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(usable rows, rows kept out with line, reason, ref_area, time_period, value)."""
    years = {f"{year}" for year in range(FIRST_YEAR, LAST_YEAR + 1)}
    reasons = {
        _NO_NUMBER: pl.col("_bad_number"),
        _NO_YEAR: pl.col("time_period").is_in(
            [period for period in texts_of(frame["time_period"]) if period not in years]
        ),
        _NEGATIVE: (pl.col("obs_value") < 0).fill_null(False) & pl.lit(spec.negative_values == "quarantine"),
        _FORECAST: pl.col("obs_status") == "F",
    }
    usable = frame.select(~pl.any_horizontal(reasons.values())).to_series()
    if usable.all():
        return frame, frame.clear().select(line="_line", reason=pl.lit(""))
    kept_out = frame.filter(~usable).select(
        pl.col("_line").alias("line"),
        pl.coalesce(pl.when(wrong).then(pl.lit(reason)) for reason, wrong in reasons.items()).alias("reason"),
        pl.col("ref_area", "time_period").cast(pl.String),
        pl.col("obs_value_raw").alias("value"),
    )
    return frame.filter(usable), kept_out


def _check_share(kept_out: pl.DataFrame, rows: int, fail: Fail) -> None:
    """Refuse the part when too many rows were set aside; a forecast is no fault."""
    faulty = kept_out.filter(pl.col("reason") != _FORECAST)
    if faulty.height > QUARANTINE_SHARE * rows:
        first = faulty.row(0, named=True)
        fail(
            f"has {faulty.height} unusable rows of {rows}, more than {QUARANTINE_SHARE:.1%} "
            f"(first: row {first['line']}, {first['reason']})",
            "look at the snapshot and ask the provider",
            field="value",
            value=str(first["value"]),
            fault=_FAULTS[first["reason"]],
        )


def _without_duplicates(frame: pl.DataFrame, fail: Fail) -> tuple[pl.DataFrame, str]:
    key = list(observations.KEY)
    if ranked([frame[name] for name in key])[1] == frame.height:
        return frame, ""
    content = [*key, "obs_value", "obs_bound", "unit_measure", "obs_status", "conf_status", "nature"]
    content += ["unit_mult"] if "unit_mult" in frame.columns else []
    distinct = frame.unique(subset=content, keep="first", maintain_order=True)
    conflicts = distinct.filter(pl.struct(key).is_duplicated()).select(key).unique(maintain_order=True)
    if conflicts.height:
        first = "; ".join(" ".join(row[:3]) for row in conflicts.head(5).iter_rows())
        fail(
            f"gives different values for the same key, {conflicts.height} times (first: {first})",
            "find the dimension that tells them apart, and declare it",
            field="key",
            fault="V15",
        )
    return distinct, f"{frame.height - distinct.height} repeated rows, equal in content, were read once"
