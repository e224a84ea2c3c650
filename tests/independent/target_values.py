"""Every target of the published table recomputed from points and expressions.

What belongs here: the base a relative target starts from, and the value under today's data.
"""

from collections.abc import Iterator

import numpy as np

from tests.independent.m1 import predict
from tests.independent.model import BASE_YEAR, Point, base_point, since_break
from tests.independent.tables import Area, Entry, Series, Tables
from tests.independent.targets import evaluate, step_that_counts

# So near to the base year a fit may speak for it (methodology 3.6, "around 2015").
AROUND = 2


def recompute(tables: Tables) -> Iterator[tuple[tuple, dict, dict[str, object]]]:
    """Deadline and today's value of each target; the frozen one too where this release froze it."""
    for (series, area), row in sorted(tables.targets.items()):
        entry = tables.registry[series[0]]
        deadline = step_that_counts(entry.expression, tables.latest_year.get(series[0]))[0]
        found = evaluate(
            entry.expression,
            entry.indicator,
            latest_year=tables.latest_year.get(series[0]),
            own_base=_base(tables, series, area, entry, deadline),
            rate=tables.champion_rate_today(series) if entry.expression.kind == "champion" else None,
            named=_named(tables, series),
        )
        value = None if found is None else found[1]
        cells: dict[str, object] = {"target_year": deadline, "target_value_current": value}
        if row["frozen_vintage"] == tables.release and value is not None:
            cells |= _frozen(row, value)
        yield (*series, *area), row, cells


def _frozen(row: dict, value: float) -> dict[str, object]:
    """A value first set in this release is today's, unless its champion rate was frozen before."""
    return {} if row["champion_rate"] is not None else {"target_value": value}


def _named(tables: Tables, series: Series) -> dict[tuple[str, int], float]:
    return {
        (area, point.year): point.value
        for (_, area), points in tables.points[series].items()
        for point in points
    }


def _base(tables: Tables, series: Series, area: Area, entry: Entry, deadline: int) -> float | None:
    """I0 of the area as M1 uses it; of a region the median of its countries with a prediction."""
    if area[0] != "region":
        return own_base(tables.points[series].get(area, []), entry, deadline)
    bases = []
    for country in tables.members(series, area[1]):
        points = tables.points[series].get(("country", country), [])
        seen = predict(points, entry.indicator, deadline)
        if seen is not None and not seen.break_in_fit:
            bases.append(seen.i0)
    return float(np.median(bases)) if bases else None


def own_base(points: list[Point], entry: Entry, deadline: int) -> float | None:
    """The prediction's I0 where a point lies around the base year, else rule 8."""
    seen = predict(points, entry.indicator, deadline)
    if seen is not None and any(abs(point.year - BASE_YEAR) <= AROUND for point in points):
        return seen.i0
    base = base_point(since_break(points))
    return None if base is None else base.value
