"""Every assessment recomputed from points, cells and targets.

What belongs here: which formula a country, the EU row and a region meet, and in which order. What does not:
reading tables (tables.py), setting results side by side (compare.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from tests.independent import growth, panels
from tests.independent import m1 as unece
from tests.independent.model import (
    Indicator,
    Outcome,
    Point,
    Target,
    base_point,
    judged_at,
    since_break,
)
from tests.independent.rules import View, settle
from tests.independent.tables import Area, Entry, Series, Tables

DEADLINE, MIN_COUNTRIES = 2030, 15
WINDOWS = {"short": (5, 3), "long": (15, 10)}
METHODS = {"M2": growth.m2, "M3": growth.m3, "M4": growth.m4}


@dataclass(frozen=True)
class Aim:
    """A target as one method sees it: its value, whether its year is over, and whether one applies at all."""

    target: Target | None
    is_past: bool
    applies: bool
    kind: str

    @property
    def fit_year(self) -> int:
        return DEADLINE if self.target is None or self.is_past else self.target.year


class Judge:
    def __init__(self, tables: Tables) -> None:
        self.tables = tables

    def aim(self, series: Series, area: Area) -> Aim:
        entry, row = self.tables.registry[series[0]], self.tables.targets.get((series, area))
        kind = entry.expression.kind
        if row is None:
            applies = kind != "none" and self.tables.is_in_scope(entry.target_scope, area)
            if kind == "champion":
                applies = applies and self.tables.champion_rate(series) is not None
            return Aim(None, is_past=False, applies=applies, kind=kind)
        year = row["target_year"]
        is_past = year < self.tables.now or year <= self.tables.latest_year.get(series[0], 0)
        target = None if row["target_value"] is None else Target(row["target_value"], year)
        return Aim(target, is_past, applies=True, kind=kind)

    def outcome(self, method: str, window: str, series: Series, area: Area, row: dict) -> Outcome:
        """The outcome of one method; `row` tells where a region's window is."""
        entry = self.tables.registry[series[0]]
        if entry.components and series[1] == "_T" and not self.tables.points.get(series):
            return self._whole(method, window, series[0], area, entry)
        if method == "M1":
            return self.m1(series, area)
        return self.growing(method, window, series, area, row)

    def _whole(self, method: str, window: str, indicator: str, area: Area, entry: Entry) -> Outcome:
        """An indicator of components without a total: their means, each with weight 1/k (M1 and M4)."""
        if entry.indicator.direction == 0:
            return Outcome("NOT_ASSESSED")
        parts = []
        for part in entry.components:
            row = self.tables.progress.get((indicator, part, *area, method, window))
            if row is not None:
                parts.append(self.outcome(method, window, (indicator, part), area, row))
        return whole_m1(parts) if method == "M1" else whole_m4(parts)

    def m1(self, series: Series, area: Area) -> Outcome:
        entry, aim = self.tables.registry[series[0]], self.aim(series, area)
        if area[0] == "region":
            return self._m1_region(series, area[1], entry, aim)
        points = self.tables.points[series].get(area, [])
        view = _view(points, aim)
        settled = settle(
            view, entry.indicator, aim.target, is_past=aim.is_past, needs_target=True, is_ratio=False
        )
        if settled is not None and settled.status == "NO_TARGET" and aim.applies and not points:
            settled = Outcome("NO_DATA")
        seen = unece.predict(points, entry.indicator, aim.fit_year) if len(points) > 1 else None
        return _judged(settled, seen, entry.indicator, aim)

    def _m1_region(self, series: Series, region: str, entry: Entry, aim: Aim) -> Outcome:
        if entry.indicator.direction == 0:
            return Outcome("NOT_ASSESSED")
        if not aim.applies:
            return Outcome("NO_TARGET")
        if entry.scope == "E" and region == "UNECE":
            return Outcome("COVERAGE")
        seen, at_target, count = self.m1_region_inputs(series, region, aim)
        if seen is None:
            return Outcome("NO_DATA")
        if count < MIN_COUNTRIES:
            return Outcome("INSUFFICIENT")
        view = View(n_points=2, latest=seen.icr, latest_year=seen.icr_year, at_target=at_target)
        settled = settle(
            view, entry.indicator, aim.target, is_past=aim.is_past, needs_target=True, is_ratio=False
        )
        return _judged(settled, seen, entry.indicator, aim)

    def m1_region_inputs(
        self, series: Series, region: str, aim: Aim
    ) -> tuple[unece.Prediction | None, float | None, int]:
        """Medians of the members' predictions and of their values at a past target's year; how many."""
        indicator = self.tables.registry[series[0]].indicator
        predictions, judged = [], []
        for country in sorted(self.tables.members(series, region)):
            points = self.tables.points[series].get(("country", country), [])
            seen = unece.predict(points, indicator, aim.fit_year) if points else None
            if seen is not None and not seen.break_in_fit:
                predictions.append(seen)
                if aim.target is not None and aim.is_past:
                    judged.append(judged_at(points, aim.target.year)[0].value)
        at_target = float(np.median(judged)) if judged else None
        return unece.region(predictions), at_target, len(predictions)

    def growing(self, method: str, window: str, series: Series, area: Area, row: dict) -> Outcome:
        """M2 to M4; a region's window is where the table says it is, its panel is counted here."""
        entry, aim = self.tables.registry[series[0]], self.aim(series, area)
        if aim.kind == "champion":
            aim = Aim(None, is_past=False, applies=False, kind="champion")
        if area[0] == "region":
            return self._growth_region(method, series, area[1], entry, aim, row)
        points = self.tables.points[series].get(area, [])
        found = find_window(points, window)
        view = _view(points, aim)
        if found is not None:
            inside = [p.value for p in points if found.start_year <= p.year <= found.end_year]
            view = replace(view, base=found.start, values=inside)
        return _grown(method, view, found, entry.indicator, aim)

    def _growth_region(
        self, method: str, series: Series, region: str, entry: Entry, aim: Aim, row: dict
    ) -> Outcome:
        if entry.indicator.direction == 0:
            return Outcome("NOT_ASSESSED")
        if row["start_value"] is None or row["end_value"] is None:
            # Why a region has no window is settled by coverage and panels: compared elsewhere.
            return Outcome(row["status"])
        found, members = self.panel_window(series, region, row["start_year"], row["end_year"])
        if len(members) < MIN_COUNTRIES:
            return Outcome("INSUFFICIENT", {"start_value": found.start, "end_value": found.end})
        view = View(
            n_points=row["n_points"],
            base=found.start,
            latest=found.end,
            latest_year=found.end_year,
            at_target=row["at_target_year"],
            values=(found.start, found.end),
        )
        return _grown(method, view, found, entry.indicator, aim)

    def panel_window(
        self, series: Series, region: str, start: int, end: int
    ) -> tuple[growth.Window, list[str]]:
        """The region's values at both ends on the countries with a value in every grid year between."""
        entry, table = self.tables.registry[series[0]], self.tables.cells[series]
        rule = "RSUM_MATCHED" if entry.rule == "RSUM" else entry.rule
        years = self.tables.grid(series, region, start, end)
        members = panels.members_of(table, self.tables.members(series, region), years, rule)
        values = [panels.value_of(table, members, year, rule) for year in (start, end)]
        return growth.Window(start, values[0], end, values[1]), members


def _view(points: Sequence[Point], aim: Aim) -> View:
    if not points:
        return View(0)
    judged, late = judged_at(points, aim.target.year) if aim.target is not None else (points[-1], False)
    base = base_point(since_break(points))
    return View(
        n_points=len(points),
        base=None if base is None else base.value,
        latest=points[-1].value,
        latest_year=points[-1].year,
        at_target=judged.value,
        late_data=late,
        values=[point.value for point in points],
    )


def find_window(points: Sequence[Point], window: str) -> growth.Window | None:
    """Start and end on this side of the last break; None where no start is in reach."""
    usable = since_break(points)
    if not usable:
        return None
    end = usable[-1]
    if window == "base":
        start = base_point(usable)
    else:
        far, near = WINDOWS[window]
        reach = [p for p in usable if end.year - far <= p.year <= end.year - near]
        start = reach[0] if reach else None
    if start is None or start.year == end.year:
        return None
    return growth.Window(start.year, start.value, end.year, end.value)


def _judged(
    settled: Outcome | None, seen: unece.Prediction | None, indicator: Indicator, aim: Aim
) -> Outcome:
    if settled is not None and settled.colour == "grey":
        return settled
    inputs: dict[str, float | None] = {}
    if seen is not None:
        it, projection = (None, seen.it) if aim.is_past else (seen.it, None)
        inputs = {"i0": seen.i0, "icr": seen.icr, "it": it, "projection": projection}
    if settled is not None:
        return replace(settled, numbers=inputs)
    if seen is None or aim.target is None:
        return Outcome("INSUFFICIENT")
    outcome = unece.classify(seen.i0, seen.icr, seen.it, indicator, aim.target)
    return replace(outcome, numbers=outcome.numbers | inputs)


def _grown(method: str, view: View, found: growth.Window | None, indicator: Indicator, aim: Aim) -> Outcome:
    settled = settle(view, indicator, aim.target, is_past=aim.is_past, needs_target=False, is_ratio=True)
    if settled is not None:
        return settled
    return Outcome("INSUFFICIENT") if found is None else METHODS[method](found, indicator, aim.target)


def whole_m1(parts: Sequence[Outcome]) -> Outcome:
    """Mean CSI, AP and P; achieved counts with 10, 10 and 0. One word for all, if one has no P."""
    words = {part.status for part in parts}
    if len(words) == 1:
        return Outcome(words.pop())
    full = {"csi": 10.0, "ap": 10.0, "p": 0.0}
    seen = [full if part.status == "achieved" else part.numbers for part in parts]
    if any(numbers.get("p") is None for numbers in seen):
        return Outcome("INSUFFICIENT")
    means: dict[str, float | None] = {
        name: float(np.mean([numbers[name] for numbers in seen])) for name in full
    }
    return Outcome(unece.band(means["p"]), means)


def whole_m4(parts: Sequence[Outcome]) -> Outcome:
    """Mean of the scores there are; achieved only if every component is."""
    words = {part.status for part in parts}
    if words == {"achieved"}:
        return Outcome("achieved", {"score": 5.0})
    scores = [5.0 if part.status == "achieved" else part.numbers.get("score") for part in parts]
    known = [score for score in scores if score is not None]
    if known:
        mean = float(np.mean(known))
        return Outcome(growth.band(mean), {"score": mean})
    return Outcome(words.pop() if len(words) == 1 else "INSUFFICIENT")
