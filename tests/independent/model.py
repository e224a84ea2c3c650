"""What the second implementation knows of a series, its indicator and its target.

What belongs here: the plain data and the three questions every method asks of it (met, break, base).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

FIRST_YEAR, BASE_YEAR = 2000, 2015
GREEN, YELLOW, RED, GREY = "green", "yellow", "red", "grey"

COLOUR = {
    **dict.fromkeys(("achieved", "maintain", "significant", "3", "on_track", "MET"), GREEN),
    **dict.fromkeys(("accelerate", "moderate", "insufficient", "2", "acceleration", "limited"), YELLOW),
    **dict.fromkeys(("reverse", "away", "moderate_away", "significant_away", "1", "deterioration"), RED),
    **dict.fromkeys(("MISSED", "not_achieved"), RED),
}


@dataclass(frozen=True)
class Point:
    year: int
    value: float
    is_break: bool = False


@dataclass(frozen=True)
class Indicator:
    """Direction 1, -1 or 0; natural limits or None; `is_percent`: the unit is per cent."""

    direction: int
    lower: float | None = None
    upper: float | None = None
    trend_model: str = "linear"
    is_binary: bool = False
    is_growth_rate: bool = False
    is_percent: bool = False

    @property
    def is_bounded(self) -> bool:
        return self.lower is not None and self.upper is not None

    @property
    def goal_limit(self) -> float | None:
        """The natural limit in the desired direction."""
        return {1: self.upper, -1: self.lower}.get(self.direction)

    def met(self, value: float, target: float) -> bool:
        return self.direction * (value - target) >= 0


@dataclass(frozen=True)
class Target:
    value: float
    year: int


@dataclass(frozen=True)
class Outcome:
    """A method's word, with numbers and marks it rests on; the word of a grey one is its reason."""

    status: str
    numbers: dict[str, float | None] = field(default_factory=dict)
    marks: frozenset[str] = frozenset()

    @property
    def colour(self) -> str:
        return COLOUR.get(self.status, GREY)


def last_break(points: Sequence[Point]) -> int | None:
    """Year of the last break; a break at the first point separates nothing."""
    years = [point.year for point in points[1:] if point.is_break]
    return years[-1] if years else None


def since_break(points: Sequence[Point]) -> list[Point]:
    """The points on this side of the last break; the marked point is the first of the new series."""
    year = last_break(points)
    return [point for point in points if year is None or point.year >= year]


def base_point(points: Sequence[Point]) -> Point | None:
    """Rule 8: the base year, else the first later year, else the nearest earlier one."""
    later = [point for point in points if point.year >= BASE_YEAR]
    if later:
        return later[0]
    return points[-1] if points else None


def judged_at(points: Sequence[Point], year: int) -> tuple[Point, bool]:
    """Rule 7: the first point at or after the target year, else the latest (`late_data`)."""
    later = [point for point in points if point.year >= year]
    return (later[0], False) if later else (points[-1], True)
