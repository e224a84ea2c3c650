"""Rules 1 to 7 of methodology 3.4, which settle an outcome before any method computes.

What belongs here: the rules in their order. What does not: a formula of a method.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.independent.model import Indicator, Outcome, Target


@dataclass(frozen=True)
class View:
    """What the rules look at: number of points, base and latest value, and the signs among the points.

    `at_target` is the value a past target is judged by, `late_data` that it is older than the target year.
    """

    n_points: int
    base: float | None = None
    latest: float | None = None
    latest_year: int | None = None
    at_target: float | None = None
    late_data: bool = False
    values: Sequence[float] = ()

    @property
    def is_mixed(self) -> bool:
        return any(value > 0 for value in self.values) and any(value < 0 for value in self.values)


def settle(
    view: View,
    indicator: Indicator,
    target: Target | None,
    *,
    is_past: bool,
    needs_target: bool,
    is_ratio: bool,
) -> Outcome | None:
    """The outcome the rules alone give, or None: then the method's formula decides.

    `is_past`: the target year is over, or there are data for it.
    """
    if indicator.direction == 0:
        return Outcome("NOT_ASSESSED")
    if needs_target and target is None:
        return Outcome("NO_TARGET")
    if view.n_points == 0 or view.latest is None:
        return Outcome("NO_DATA")
    is_met = target is not None and indicator.met(view.latest, target.value)
    if indicator.is_binary and target is not None:
        return Outcome("achieved" if is_met else "not_achieved")
    if view.n_points == 1:
        return _achieved(view, target) if is_met else Outcome("INSUFFICIENT")
    if indicator.is_growth_rate or (is_ratio and view.is_mixed):
        return Outcome("UNABLE")
    if is_met:
        return _achieved(view, target)
    limit = indicator.goal_limit
    if limit is not None and view.base == view.latest == limit:
        return Outcome("achieved", marks=frozenset({"AT_LIMIT"}))
    if target is not None and is_past and view.at_target is not None:
        marks = frozenset({"LATE_DATA"}) if view.late_data else frozenset()
        return Outcome("MET" if indicator.met(view.at_target, target.value) else "MISSED", marks=marks)
    return None


def _achieved(view: View, target: Target | None) -> Outcome:
    is_late = target is not None and view.latest_year is not None and view.latest_year > target.year
    return Outcome("achieved", marks=frozenset({"LATE"}) if is_late else frozenset())
