"""Target expressions of methodology 3.6.

What belongs here: reading an expression, the step that counts, the champion rate and what it makes of a base.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tests.independent.model import Indicator, Point

DEFAULT_DEADLINE = 2030
EARLY, LATE = (2000, 2005), (2010, 2015)
TOP, MIN_COUNTRIES, YEARS = 5, 15, 15
CAP_RATE, CAP_POINTS = 0.05, 2.0


@dataclass(frozen=True)
class Expression:
    """`kind` is none, const, step, multiple, own_base or champion; `steps` pair deadline and amount."""

    kind: str
    steps: tuple[tuple[int, float], ...] = ()
    area: str | None = None
    year: int | None = None


def parse(text: str | None, deadline: int | None = None) -> Expression:
    """Read an expression; one that is none of the known forms is an error."""
    text = (text or "none").replace(" ", "")
    year = deadline or DEFAULT_DEADLINE
    if text == "none":
        return Expression("none")
    if found := re.fullmatch(r"const\(([-\d.]+)\)", text):
        return Expression("const", ((year, float(found[1])),))
    if found := re.fullmatch(r"step\((.+)\)", text):
        pairs = [part.split(":") for part in found[1].split(",")]
        return Expression("step", tuple((int(when), float(amount)) for when, amount in pairs))
    if found := re.fullmatch(r"([\d.]+)\*value\(self,base\)", text):
        return Expression("own_base", ((year, float(found[1])),))
    if found := re.fullmatch(r"([\d.]+)\*value\((\w+),(\d{4})\)", text):
        return Expression("multiple", ((year, float(found[1])),), found[2], int(found[3]))
    if re.fullmatch(r"champion\(top=\d+\)", text):
        return Expression("champion", ((year, float("nan")),))
    raise ValueError(f"{text!r} is no target expression")


def step_that_counts(expression: Expression, latest_year: int | None) -> tuple[int, float]:
    """The next deadline not before the latest data year of the indicator, else the last one."""
    ahead = [step for step in sorted(expression.steps) if latest_year is None or step[0] >= latest_year]
    return ahead[0] if ahead else max(expression.steps)


def yearly_rate(points: Sequence[Point], is_bounded: bool) -> float | None:
    """From the first point of 2000-2005 to the last of 2010-2015; compound, or in points where bounded."""
    early = [point for point in points if EARLY[0] <= point.year <= EARLY[1]]
    late = [point for point in points if LATE[0] <= point.year <= LATE[1]]
    if not early or not late or early[0].value == 0:
        return None
    first, last = early[0], late[-1]
    if any(point.is_break and first.year < point.year <= last.year for point in points):
        return None
    years = last.year - first.year
    if is_bounded:
        return (last.value - first.value) / years
    if first.value < 0 or last.value < 0:
        return None
    return float((last.value / first.value) ** (1 / years) - 1)


def champion_rate(series: Iterable[Sequence[Point]], indicator: Indicator) -> float | None:
    """Mean of the best five rates in the desired direction, capped.

    None below 15 countries with a rate, and where even the best five go the other way: that is no target.
    """
    rates = [yearly_rate(points, indicator.is_bounded) for points in series]
    known = [rate for rate in rates if rate is not None]
    if len(known) < MIN_COUNTRIES:
        return None
    best = sorted(known, key=lambda rate: indicator.direction * rate, reverse=True)[:TOP]
    if indicator.direction * np.mean(best) < 0:
        return None
    cap = CAP_POINTS if indicator.is_bounded else CAP_RATE
    return float(np.clip(np.mean(best), -cap, cap))


def champion_target(base: float, rate: float, indicator: Indicator) -> float | None:
    """TV = I0 (1 + r)^15, or I0 + 15 r where bounded, held inside the limits; none from zero unbounded."""
    if base == 0 and not indicator.is_bounded:
        return None
    value = base + YEARS * rate if indicator.is_bounded else base * (1 + rate) ** YEARS
    low = -np.inf if indicator.lower is None else indicator.lower
    high = np.inf if indicator.upper is None else indicator.upper
    return float(np.clip(value, low, high))


def evaluate(
    expression: Expression,
    indicator: Indicator,
    *,
    latest_year: int | None,
    own_base: float | None,
    rate: float | None,
    named: Mapping[tuple[str, int], float],
) -> tuple[int, float] | None:
    """Deadline and value of an expression for one area, or None where it gives none.

    `named` holds the values an expression may name, by area and year; `own_base` is the area's I0.
    """
    if expression.kind == "none":
        return None
    deadline, amount = step_that_counts(expression, latest_year)
    value: float | None = amount
    if expression.kind == "multiple":
        assert expression.area is not None and expression.year is not None
        seen = named.get((expression.area, expression.year))
        value = None if seen is None else amount * seen
    elif expression.kind == "own_base":
        value = None if own_base is None else amount * own_base
    elif expression.kind == "champion":
        missing = own_base is None or rate is None
        value = None if missing else champion_target(own_base, rate, indicator)
    return None if value is None else (deadline, value)
