"""Methods M2 (Eurostat), M3 (UN progress chart) and M4 (Open SDG), methodology 3.4.

What belongs here: their formulas and traps for one window of one series, after rules 1 to 7. A window is a
start and an end on one side of every break; a window of the wrong length never comes here.
"""

from dataclasses import dataclass, replace

import numpy as np

from tests.independent.model import Indicator, Outcome, Target

SUBSTITUTE = 0.001
NEAR_BOUND, NEAR_LIMIT = 1, 10
# Noise of binary numbers below this difference does not decide on which side of a threshold a number lies.
NOISE = 5e-10


@dataclass(frozen=True)
class Window:
    start_year: int
    start: float
    end_year: int
    end: float

    @property
    def cagr(self) -> float:
        return rate(self.start, self.end, self.end_year - self.start_year)


def rate(start: float, end: float, years: int) -> float:
    """Compound yearly rate."""
    return float((end / start) ** (1 / years) - 1)


def reaches(number: float, threshold: float) -> bool:
    """Whether a number is at its threshold or above, as on paper: 201 / 200 - 1 reaches 0.005."""
    return number >= threshold - NOISE


def exceeds(number: float, threshold: float) -> bool:
    """Whether a number is above its threshold, as on paper."""
    return number > threshold + NOISE


def in_magnitudes(
    window: Window, indicator: Indicator, target: Target | None
) -> tuple[Window, int, Target | None]:
    """A negative window as magnitudes with the opposite direction; a positive one as it is."""
    if min(window.start, window.end) >= 0:
        return window, indicator.direction, target
    turned = replace(window, start=abs(window.start), end=abs(window.end))
    return turned, -indicator.direction, target and replace(target, value=-target.value)


def refusal(window: Window, target: Target | None) -> str | None:
    """UNABLE for what no ratio can carry: a zero, or a target of the other sign."""
    if window.start == 0 or (target is not None and target.value == 0):
        return "UNABLE"
    if window.start * window.end < 0 or (target is not None and target.value * window.start < 0):
        return "UNABLE"
    return None


def start_has_met(window: Window, indicator: Indicator, target: Target) -> str | None:
    """Base exactly at the target: no rate is required (UNABLE); base beyond it: the worst class."""
    if window.start == target.value:
        return "UNABLE"
    return "WORST" if indicator.met(window.start, target.value) else None


def m2(window: Window, indicator: Indicator, target: Target | None) -> Outcome:
    """R = 100 CAGR / required; without a target D CAGR in per cent a year."""
    numbers = {"cagr": None if window.start == 0 else window.cagr}
    if refused := refusal(window, target):
        return Outcome(refused, numbers)
    sized, direction, aim = in_magnitudes(window, indicator, target)
    numbers = {"cagr": sized.cagr}
    if target is None or aim is None:
        speed = direction * sized.cagr
        words = ("significant", "moderate", "moderate_away", "significant_away")
        chosen = (reaches(speed, 0.01), reaches(speed, 0), exceeds(speed, -0.01), True).index(True)
        return Outcome(words[chosen], numbers)
    if (met := start_has_met(window, indicator, target)) is not None:
        return Outcome("away" if met == "WORST" else met, numbers)
    numbers["required_cagr"] = rate(sized.start, aim.value, aim.year - sized.start_year)
    numbers["ratio"] = 100 * sized.cagr / numbers["required_cagr"]
    chosen = [reaches(numbers["ratio"], bound) for bound in (95, 60, 0)] + [True]
    return Outcome(("significant", "moderate", "insufficient", "away")[chosen.index(True)], numbers)


def is_near_bound(window: Window, indicator: Indicator) -> bool:
    """Within one percentage point of the bound 0 or 100 that lies in the desired direction."""
    limit = indicator.goal_limit
    return indicator.is_percent and limit in (0, 100) and abs(window.end - limit) <= NEAR_BOUND


def m3(window: Window, indicator: Indicator, target: Target | None) -> Outcome:
    """Ratio of the way the present pace will have gone at T; without a target D CAGR."""
    numbers: dict[str, float | None] = {"cagr": None if window.start == 0 else window.cagr}
    if is_near_bound(window, indicator):
        return Outcome("achieved", numbers)
    if refused := refusal(window, target):
        return Outcome(refused, numbers)
    sized, direction, aim = in_magnitudes(window, indicator, target)
    numbers = {"cagr": sized.cagr}
    if target is None or aim is None:
        speed = direction * sized.cagr
        return Outcome("3" if reaches(speed, 0.02) else "2" if reaches(speed, 0.005) else "1", numbers)
    if (met := start_has_met(window, indicator, target)) is not None:
        return Outcome("1" if met == "WORST" else met, numbers)
    expected = sized.end * (1 + sized.cagr) ** (aim.year - sized.end_year)
    ratio = (expected - sized.start) / (aim.value - sized.start)
    return Outcome(
        "3" if reaches(ratio, 0.95) else "2" if reaches(ratio, 0.10) else "1", numbers | {"ratio": ratio}
    )


def m4(window: Window, indicator: Indicator, target: Target | None) -> Outcome:
    """Score on a piecewise linear scale; status is the band of the score. Zeros are replaced and tried."""
    if window.start == indicator.goal_limit and window.end == window.start:
        return Outcome("on_track", {"cagr": 0.0, "score": 5.0})
    marks = set()
    if target is None and is_near_limit(window, indicator):
        marks.add("C_UNKNOWN")
    if window.start != 0 and (target is None or target.value != 0):
        return _m4_plain(window, indicator, target, frozenset(marks))
    tried = [_m4_plain(*_replaced(window, indicator, target, SUBSTITUTE * factor)) for factor in (1, 10, 0.1)]
    marks.add("ZERO_REPLACED")
    if len({outcome.status for outcome in tried}) > 1:
        marks.add("UNSTABLE")
    return replace(tried[0], marks=frozenset(marks))


def _replaced(
    window: Window, indicator: Indicator, target: Target | None, amount: float
) -> tuple[Window, Indicator, Target | None]:
    sign = -1 if min(window.start, window.end) < 0 else 1
    if window.start == 0:
        # Zero at both ends is no change, whatever stands in for it.
        window = replace(window, start=sign * amount, end=window.end or sign * amount)
    if target is not None and target.value == 0:
        target = replace(target, value=sign * amount)
    return window, indicator, target


def is_near_limit(window: Window, indicator: Indicator) -> bool:
    """A base within ten percentage points of the limit in the desired direction, where C would matter."""
    limit = indicator.goal_limit
    return indicator.is_percent and limit is not None and abs(window.start - limit) <= NEAR_LIMIT


def _m4_plain(
    window: Window, indicator: Indicator, target: Target | None, marks: frozenset[str] = frozenset()
) -> Outcome:
    if window.start == indicator.goal_limit and indicator.direction * (window.end - window.start) >= 0:
        return Outcome("on_track", {"cagr": window.cagr, "score": 5.0}, marks)
    if refused := refusal(window, target):
        return Outcome(refused, {}, marks)
    sized, direction, aim = in_magnitudes(window, indicator, target)
    numbers: dict[str, float | None] = {"cagr": sized.cagr}
    if target is None or aim is None:
        speed = 100 * direction * sized.cagr
        numbers["score"] = piecewise(speed, (-2, 0, 0.5, 1.5, 2), (-5, -2.5, 0, 2.5, 5))
    elif (met := start_has_met(window, indicator, target)) is not None:
        numbers["score"] = -5.0 if met == "WORST" else None
        return Outcome("deterioration" if met == "WORST" else met, numbers, marks)
    else:
        required = rate(sized.start, aim.value, aim.year - sized.start_year)
        numbers["required_cagr"] = required
        numbers["ratio"] = 100 * direction * sized.cagr / abs(required)
        numbers["score"] = piecewise(numbers["ratio"], (-60, 60, 130), (-5, 0, 5))
    return Outcome(band(numbers["score"]), numbers, marks)


def piecewise(x: float, knots: tuple[float, ...], scores: tuple[float, ...]) -> float:
    """Linear between the knots, constant beyond them."""
    return float(np.interp(x, knots, scores))


def band(score: float | None) -> str:
    assert score is not None
    chosen = [reaches(score, bound) for bound in (2.5, 0, -2.5)] + [True]
    return ("on_track", "acceleration", "limited", "deterioration")[chosen.index(True)]
