"""What may change between two vintages of one part, and what is said of it: one function a rule.

What belongs here: the rules and their thresholds. What does not: what becomes of a finding, and which vintage
is compared (continuity.py). Thresholds are first values, tuned on two releases of the UNSD database (July
2022 and December 2023) and on Eurostat's and the World Bank's data of the same years.

A frame here has the key (series, ref_area, time_period, dimensions) and `value`: the value in the unit itself
(obs_value * 10^unit_mult), null where there is none; `has` says whether the provider gave a figure at all.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from connectors.observations import KEY
from connectors.spec import Rhythm

JUMP = 8.0  # a country's whole series that many times larger or smaller (V07)
SAME_FACTOR = 3.0  # ... by one factor: the largest and smallest ratio differ by this at most
MIN_YEARS = 3  # ... over this many common years; below, it is a revision (S10) and the gate's business (G1)
SWITCHED_SHARE = 0.5  # this share of all countries jumping is a new unit of the series, not a country's slip
MIN_SWITCHED = 3
COVERAGE_LOSS = 0.30  # of the countries a year had, or of all countries and years of a part (S08)
MIN_AREAS = 10  # below this many countries in a year a share of them says nothing; all of them always do
REVISION = 0.20  # as the gate's limit for published figures (G5)
SHOWN = 20
ZERO_DRIFT = 0.10  # change in the share of zeros among the values (V06)
MIN_VALUES = 50  # below this many values a share says nothing
RENAMED_SHARE = 0.5  # of a lost code's cells that a new code has, with the same value
GROUP = ["series", "ref_area", "dimensions"]
# Whom a country trades with changes from edition to edition: no code of these is missed or renamed.
PARTNERS = frozenset({"partner", "partnerCode"})


@dataclass(frozen=True)
class Finding:
    """One finding of one rule. `refuses` says whether it fails the part unless a person accepted it."""

    fault: str
    text: str
    refuses: bool = False
    facts: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    next_step: str = ""


def prepare(table: pl.DataFrame) -> pl.DataFrame:
    """The frame the rules read, made of an observation table; its texts are plain."""
    has = (
        pl.col("obs_value").is_not_null()
        | pl.col("obs_bound").is_not_null()
        | (pl.col("conf_status").cast(pl.String) != "F")
    )
    value = pl.col("obs_value") * pl.lit(10.0).pow(pl.col("unit_mult"))
    return table.select(*(pl.col(name).cast(pl.String) for name in KEY), value=value, has=has)


def find_renamed(before: pl.DataFrame, after: pl.DataFrame) -> list[Finding]:
    """S06: codes of a dimension that went while others came (F); S07: codes that only went (a warning)."""
    found = []
    old, new = _unfold(before), _unfold(after)
    for name in sorted(set(old.columns) & set(new.columns) - {*KEY, *PARTNERS, "value", "has"}):
        codes, now = set(old[name].drop_nulls()), set(new[name].drop_nulls())
        lost, came = sorted(codes - now), sorted(now - codes)
        if not lost:
            continue
        mapping = _suggest(old, new, name, lost, came)
        if mapping or not codes & now:
            suggested = ", ".join(f"{a} -> {b}" for a, b in mapping) or "none found"
            text = (
                f"renamed codes of {name}: {', '.join(lost[:SHOWN])} went and {', '.join(came[:SHOWN])} "
                f"came; suggested mapping: {suggested}"
            )
            step = "map the codes in the models that use them, then accept the break"
            found.append(Finding("S06", text, True, next_step=step))
        else:
            rows = old.filter(pl.col(name).is_in(lost)).height
            found.append(
                Finding("S07", f"no longer has the codes {', '.join(lost[:SHOWN])} of {name} ({rows} rows)")
            )
    return found


def _suggest(
    old: pl.DataFrame, new: pl.DataFrame, name: str, lost: list[str], came: list[str]
) -> list[tuple[str, str]]:
    """For each lost code the new code that has most of its cells with the same value, if it has half."""
    keys = [c for c in old.columns if c in new.columns and c not in (name, "dimensions", "value", "has")]
    gone = old.filter(pl.col(name).is_in(lost) & pl.col("value").is_not_null())
    cells = dict(gone.group_by(name).len().rows())
    both = gone.join(new.filter(pl.col(name).is_in(came)), on=keys, suffix="_new", nulls_equal=True)
    near = (pl.col("value") - pl.col("value_new")).abs() <= 0.01 * pl.col("value").abs()
    counted = both.filter(near).group_by(name, f"{name}_new").len().sort("len", name, f"{name}_new")
    best = {row[0]: (row[1], row[2]) for row in counted.iter_rows()}
    return sorted((code, to) for code, (to, n) in best.items() if n >= RENAMED_SHARE * cells[code])


def _unfold(frame: pl.DataFrame) -> pl.DataFrame:
    """One column more for each dimension."""
    texts = frame["dimensions"].unique().to_list()
    names = sorted({name for text in texts for name in json.loads(text)} - set(frame.columns))
    codes = {name: [json.loads(text).get(name) for text in texts] for name in names}
    table = pl.DataFrame({"dimensions": texts, **codes}, schema_overrides=dict.fromkeys(names, pl.String))
    return frame.join(table, on="dimensions", how="left")


def find_lost_countries(
    before: pl.DataFrame,
    after: pl.DataFrame,
    rhythm: Rhythm | None,
    name_areas: Callable[[list[str]], list[str]],
) -> list[Finding]:
    """S08: years that lost many of their countries, or all, and series that lost many cells in any years.

    A cell is a country and year with a figure. Years off the declared rhythm lose nothing (S09).
    """
    cells = ["series", "time_period", "ref_area"]
    old = before.filter("has").select(cells).unique()
    if rhythm is not None:
        on_grid = [year for year in old["time_period"].unique() if rhythm.has(int(year))]
        old = old.filter(pl.col("time_period").is_in(on_grid))
    gone = old.join(after.filter("has").select(cells).unique(), on=cells, how="anti")
    had = old.group_by("time_period").len("had")
    lost = gone.group_by("time_period").agg(lost=pl.len(), areas=pl.col("ref_area").unique().sort())
    lost = lost.join(had, on="time_period")
    many = (pl.col("had") >= MIN_AREAS) & (pl.col("lost") >= COVERAGE_LOSS * pl.col("had"))
    years = lost.filter(many | (pl.col("lost") == pl.col("had")))
    text = f"lost many of its countries in {years.height} years"
    if gone.height and gone.height >= COVERAGE_LOSS * old.height:
        if years.is_empty():
            text = f"lost {gone.height} of its {old.height} figures of a country and year"
        years = lost
    if years.is_empty():
        return []
    worst = years.sort(pl.col("lost") / pl.col("had"), "time_period", descending=[True, False])
    facts = tuple(
        f"{row['time_period']}: {row['lost']} of {row['had']} countries lost "
        f"({' '.join(name_areas(row['areas']))})"
        for row in worst.head(SHOWN).iter_rows(named=True)
    )
    areas = sorted({area for row in years["areas"].to_list() for area in row})
    step = "ask the provider whether they were withdrawn; if so, accept the loss"
    return [Finding("S08", f"{text}, worst in {facts[0]}", True, facts, tuple(areas), step)]


def find_revisions(both: pl.DataFrame) -> list[Finding]:
    """S10: how many values moved by more than a fifth, and the largest moves (`both`: `join_vintages`)."""
    moved = both.filter((pl.col("value") != 0) & pl.col("value_new").is_not_null()).with_columns(
        size=((pl.col("value_new") - pl.col("value")) / pl.col("value")).abs()
    )
    large = moved.filter(pl.col("size") > REVISION).sort(["size", *KEY], descending=[True] + 4 * [False])
    if large.is_empty():
        return []
    facts = tuple(
        f"{row['ref_area']} {row['time_period']} {row['dimensions']}: {row['value']:.6g} -> "
        f"{row['value_new']:.6g}"
        for row in large.head(SHOWN).iter_rows(named=True)
    )
    text = (
        f"{large.height} of {moved.height} values were revised by more than {REVISION:.0%}; most: {facts[0]}"
    )
    return [Finding("S10", text, facts=facts)]


def find_zero_drift(before: pl.DataFrame, after: pl.DataFrame) -> list[Finding]:
    """V06: the share of zeros among the values changed: a zero may stand for a missing value."""
    shares = []
    for frame in (before, after):
        values = frame["value"].drop_nulls()
        if values.len() < MIN_VALUES:
            return []
        shares.append(int((values == 0).sum()) / values.len())
    if abs(shares[1] - shares[0]) < ZERO_DRIFT:
        return []
    text = f"has zeros in {shares[1]:.1%} of its values, {shares[0]:.1%} in the vintage before"
    return [Finding("V06", text)]


def join_vintages(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """The cells with a value in `before` that `after` has too, with `value` and `value_new`."""
    old = before.filter(pl.col("value").is_not_null()).select(*KEY, "value")
    return old.join(after.select(*KEY, "value"), on=list(KEY), suffix="_new")


def find_jumps(both: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """V07: countries' series that moved by one large factor, and how many series were compared.

    Columns: GROUP, factor, value and value_new of the last common year.
    """
    moved = both.filter((pl.col("value") != 0) & (pl.col("value_new") != 0)).with_columns(
        ratio=(pl.col("value_new") / pl.col("value")).abs().log10()
    )
    last = pl.col("time_period").arg_max()
    groups = moved.group_by(GROUP).agg(
        years=pl.len(),
        low=pl.col("ratio").min(),
        high=pl.col("ratio").max(),
        middle=pl.col("ratio").median(),
        value=pl.col("value").get(last),
        value_new=pl.col("value_new").get(last),
    )
    groups = groups.filter(pl.col("years") >= MIN_YEARS)
    far, spread = math.log10(JUMP), math.log10(SAME_FACTOR)
    jumped = groups.filter(
        ((pl.col("low") >= far) | (pl.col("high") <= -far)) & (pl.col("high") - pl.col("low") <= spread)
    )
    factor = pl.lit(10.0).pow(pl.col("middle")).alias("factor")
    return jumped.select(*GROUP, factor, "value", "value_new").sort(GROUP), groups.height
