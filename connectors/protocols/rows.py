"""From a provider's cells to canonical rows: the rules that are the same for every wire format.

What belongs here: values, bounds, statuses, units, years, confidentiality, duplicates, quarantine.
What does not: a provider's column names and symbols, which arrive as a `Cells` frame and a `Rules`.

A `Cells` frame is text: _line, series, ref_area, time_period, dimensions, value, unit_measure, flags, conf,
nature, comment_obs (null where none). `_line` is the position in the source.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from connectors import observations
from connectors.errors import quote
from connectors.protocols.base import Fail, Parsed, failer
from connectors.spec import CODE_PATTERN, DatasetSpec
from connectors.status import UnknownLetterError, combine

QUARANTINE_SHARE = 0.005
FIRST_YEAR, LAST_YEAR = 1950, 2049
COMMENT_CAP = 2000
_NUMBER = r"^-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?$"
_CONTROLS = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]"
_FORECAST = "forecast, not an observation"


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
        )
    if spec.row_cap is not None and cells.height >= spec.row_cap:
        fail(f"is probably truncated at {cells.height} rows", "split the query", value=str(spec.row_cap))
    _check_codes(cells, fail)
    _check_units(cells, spec.units_of(part), fail)
    frame = _add_statuses(_add_values(cells, rules, fail), rules, fail)
    frame, kept_out = _set_aside(frame, spec)
    _check_share(kept_out, cells.height, fail)
    frame, warning = _without_duplicates(frame, fail)
    warnings = [warning] if warning else []
    secret = frame.filter(pl.col("_secret_value"))
    if secret.height:
        warnings.append(f"{secret.height} confidential cells carried a value; it was not taken over")
    table = frame.with_columns(
        provider=pl.lit(spec.provider),
        dataset=pl.lit(spec.dataset),
        unit_mult=pl.lit(0),
        snapshot_sha256=pl.lit(snapshot_sha256),
    )
    quarantine = [{"part": part, **row} for row in kept_out.to_dicts()]
    return Parsed(observations.to_table(table), quarantine, tuple(warnings))


def _check_codes(cells: pl.DataFrame, fail: Fail) -> None:
    for name in ("series", "ref_area"):
        bad = cells.filter(~pl.col(name).str.contains(CODE_PATTERN))
        if bad.height:
            _fail_at(bad, name, "holds a code outside the allowed alphabet", "ask the provider", fail)
    bad = cells.filter(pl.col("dimensions").str.contains(r"[^\x20-\x7e]"))
    if bad.height:
        _fail_at(
            bad, "dimensions", "holds a dimension code that is not plain ASCII", "ask the provider", fail
        )
    bad = cells.filter(pl.col("comment_obs").str.contains(_CONTROLS))
    if bad.height:
        _fail_at(bad, "comment_obs", "holds a comment with control characters", "ask the provider", fail)


def _check_units(cells: pl.DataFrame, known: tuple[str, ...], fail: Fail) -> None:
    bad = cells.filter(~pl.col("unit_measure").is_in(known))
    if bad.height:
        step = f"declared is {', '.join(known)}: decide what the new unit means before it is declared"
        _fail_at(bad, "unit_measure", f"has an undeclared unit in {bad.height} rows", step, fail)


def _add_values(cells: pl.DataFrame, rules: Rules, fail: Fail) -> pl.DataFrame:
    """obs_value, obs_bound, _missing and _bad_number from the text of the cell."""
    text = pl.col("value").str.strip_chars()
    frame = cells.with_columns(value=text).with_columns(
        _missing=pl.col("value").is_in(sorted(rules.missing)),
        _number=pl.col("value").str.contains(_NUMBER),
        obs_bound=pl.col("value").str.extract(r"^([<>])\s*-?[0-9]"),
    )
    frame = frame.with_columns(
        obs_value=pl.when("_number").then(pl.col("value")).cast(pl.Float64, strict=False),
        _bad_number=~pl.col("_missing") & ~pl.col("_number") & pl.col("obs_bound").is_null(),
    )
    unknown = frame.filter(pl.col("_bad_number") & ~pl.col("value").str.contains("[0-9]"))
    if unknown.height:
        _fail_at(
            unknown, "value", "uses an unknown symbol for a value", "find out what the symbol means", fail
        )
    infinite = frame.filter(
        pl.col("obs_value").is_infinite() | (pl.col("_number") & pl.col("obs_value").is_null())
    )
    if infinite.height:
        _fail_at(infinite, "value", "holds a number too large to be one", "ask the provider", fail)
    if rules.small_when_n:
        small = pl.col("_number") & (pl.col("obs_value") == 0) & pl.col("flags").str.contains("n")
        frame = frame.with_columns(
            obs_value=pl.when(small).then(None).otherwise("obs_value"),
            obs_bound=pl.when(small).then(pl.lit("<")).otherwise("obs_bound"),
        )
    return frame


def _add_statuses(frame: pl.DataFrame, rules: Rules, fail: Fail) -> pl.DataFrame:
    """obs_status and conf_status; the value of a confidential cell is dropped here and goes no further."""
    distinct = frame.select("flags", "conf", "_missing").unique(maintain_order=True)
    found = []
    for flags, conf, missing in distinct.iter_rows():
        try:
            found.append(combine(rules.flags, flags, rules.conf, conf, missing))
        except UnknownLetterError as error:
            hit = frame.filter((pl.col("flags") == flags) & (pl.col("conf") == conf))
            step = "the code list has changed: add the letter to reference/obs_status.csv after review"
            _fail_at(hit, "flags", f"uses the unknown flag {quote(str(error))}", step, fail)
    distinct = distinct.with_columns(
        obs_status=pl.Series([status for status, _ in found], dtype=pl.String),
        conf_status=pl.Series([conf for _, conf in found], dtype=pl.String),
    )
    frame = frame.join(distinct, on=["flags", "conf", "_missing"], how="left", maintain_order="left")
    secret = pl.col("conf_status") != "F"
    return frame.with_columns(
        _secret_value=secret & ~pl.col("_missing"),
        obs_value=pl.when(secret).then(None).otherwise("obs_value"),
        obs_bound=pl.when(secret).then(None).otherwise("obs_bound"),
        obs_value_raw=pl.when(secret).then(pl.lit("")).otherwise("value"),
        obs_status_raw=pl.concat_str(
            "flags", pl.when(pl.col("conf") != "").then("|" + pl.col("conf")).otherwise(pl.lit(""))
        ),
        comment_obs=pl.col("comment_obs")
        .str.replace_all(r"\s+", " ")
        .str.strip_chars()
        .str.slice(0, COMMENT_CAP),
    )


def _set_aside(frame: pl.DataFrame, spec: DatasetSpec) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(usable rows, rows kept out with line, reason, ref_area, time_period, value)."""
    year = pl.col("time_period").str.extract(r"^([0-9]{4})$").cast(pl.Int32)
    no_year = ~year.is_between(FIRST_YEAR, LAST_YEAR).fill_null(False)
    reason = (
        pl.when("_bad_number")
        .then(pl.lit("the value is not a plain number"))
        .when(no_year)
        .then(pl.lit(f"the period is not a year from {FIRST_YEAR} to {LAST_YEAR}"))
        .when((pl.col("obs_value") < 0) & pl.lit(spec.negative_values == "quarantine"))
        .then(pl.lit("the value is negative where only zero or more is possible"))
        .when(pl.col("obs_status") == "F")
        .then(pl.lit(_FORECAST))
    )
    frame = frame.with_columns(reason=reason)
    kept_out = frame.filter(pl.col("reason").is_not_null()).select(
        pl.col("_line").alias("line"),
        "reason",
        "ref_area",
        "time_period",
        pl.col("obs_value_raw").alias("value"),
    )
    return frame.filter(pl.col("reason").is_null()), kept_out


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
        )


def _without_duplicates(frame: pl.DataFrame, fail: Fail) -> tuple[pl.DataFrame, str]:
    key = list(observations.KEY)
    repeated = frame.filter(pl.struct(key).is_duplicated())
    if repeated.is_empty():
        return frame, ""
    content = [*key, "obs_value", "obs_bound", "unit_measure", "obs_status", "conf_status", "nature"]
    distinct = frame.unique(subset=content, keep="first", maintain_order=True)
    conflicts = distinct.filter(pl.struct(key).is_duplicated()).select(key).unique(maintain_order=True)
    if conflicts.height:
        first = "; ".join(" ".join(row[:3]) for row in conflicts.head(5).iter_rows())
        fail(
            f"gives different values for the same key, {conflicts.height} times (first: {first})",
            "find the dimension that tells them apart, and declare it",
            field="key",
        )
    return distinct, f"{frame.height - distinct.height} repeated rows, equal in content, were read once"


def _fail_at(rows: pl.DataFrame, name: str, what: str, next_step: str, fail: Fail) -> None:
    row = rows.row(0, named=True)
    where = f"first: data row {row['_line']}, area {quote(row['ref_area'])}, {quote(row['time_period'])}"
    fail(f"{what} ({where})", next_step, field=name, value=row[name])
