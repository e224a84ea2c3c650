"""Method M1 (UNECE and ESCAP), methodology 3.4.

What belongs here: the weighted trend, the prediction of a country, the medians of a region, and P.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tests.independent.model import BASE_YEAR, Indicator, Outcome, Point, Target, last_break, since_break

MIN_POINTS, MIN_AFTER_BREAK = 2, 3
EPSILON = 0.005
NEAR_TARGET = 0.05
MAINTAIN, REVERSE = 10, 100


@dataclass(frozen=True)
class Trend:
    """zhat(s) = zb + beta (s - tb) on the scale of `model`."""

    model: str
    tb: float
    zb: float
    beta: float
    lower: float | None
    upper: float | None

    def at(self, year: float) -> float:
        z = self.zb + self.beta * (year - self.tb)
        if self.model == "geometric":
            return math.exp(z)
        if self.model == "logit":
            assert self.lower is not None and self.upper is not None
            return self.lower + (self.upper - self.lower) / (1 + math.exp(-z))
        return z


@dataclass(frozen=True)
class Prediction:
    i0: float
    icr: float
    it: float
    icr_year: int
    base_estimated: bool = False
    break_in_fit: bool = False
    clamped: bool = False


def transform(values: np.ndarray, indicator: Indicator) -> tuple[str, np.ndarray]:
    """The scale of the fit and the values on it; what the scale cannot carry falls back to linear."""
    if indicator.trend_model == "geometric" and (values > 0).all():
        return "geometric", np.log(values)
    if indicator.trend_model == "logit" and indicator.is_bounded:
        assert indicator.lower is not None and indicator.upper is not None
        share = (values - indicator.lower) / (indicator.upper - indicator.lower)
        if ((share >= EPSILON) & (share <= 1 - EPSILON)).all():
            return "logit", np.log(share / (1 - share))
    return "linear", values


def fit(points: Sequence[Point], indicator: Indicator, target_year: int) -> Trend:
    """Slope and intercept both weighted with w_i = (T - t_1) / (T - t_i)."""
    t = np.array([point.year for point in points], dtype=float)
    model, z = transform(np.array([point.value for point in points], dtype=float), indicator)
    w = (target_year - t[0]) / (target_year - t)
    tb, zb = np.average(t, weights=w), np.average(z, weights=w)
    beta = np.sum(w * (t - tb) * (z - zb)) / np.sum(w * (t - tb) ** 2)
    return Trend(model, float(tb), float(zb), float(beta), indicator.lower, indicator.upper)


def predict(points: Sequence[Point], indicator: Indicator, target_year: int) -> Prediction | None:
    """I0, Icr and It of one area; None below two points before the target year."""
    usable = since_break(points)
    break_in_fit = last_break(points) is not None and len(usable) < MIN_AFTER_BREAK
    used = list(points) if break_in_fit else usable
    if len(used) < MIN_POINTS or used[-1].year >= target_year:
        return None
    trend = fit(used, indicator, target_year)
    observed = [point.value for point in used if point.year == BASE_YEAR]
    # What was observed is never clipped; what the trend gives is.
    i0 = observed[0] if observed else _hold(trend.at(BASE_YEAR), indicator)
    it = _hold(trend.at(target_year), indicator)
    return Prediction(
        i0=i0,
        icr=points[-1].value,
        it=it,
        icr_year=points[-1].year,
        base_estimated=not observed,
        break_in_fit=break_in_fit,
        clamped=it != trend.at(target_year),
    )


def _hold(value: float, indicator: Indicator) -> float:
    low = -math.inf if indicator.lower is None else indicator.lower
    high = math.inf if indicator.upper is None else indicator.upper
    return min(max(value, low), high)


def region(predictions: Sequence[Prediction]) -> Prediction | None:
    """Medians of I0, Icr and It over the same countries; None without any."""
    if not predictions:
        return None
    return Prediction(
        i0=float(np.median([p.i0 for p in predictions])),
        icr=float(np.median([p.icr for p in predictions])),
        it=float(np.median([p.it for p in predictions])),
        icr_year=max(p.icr_year for p in predictions),
    )


def indices(
    i0: float, icr: float, it: float, indicator: Indicator, target: Target
) -> dict[str, float | None]:
    """CSI, AP and P; all empty where no ratio is formed (base met, or too near the target)."""
    way = abs(target.value - i0)
    if not has_ratio(i0, indicator, target):
        return {"csi": None, "ap": None, "p": None}
    csi = 10 * indicator.direction * (icr - i0) / way
    return {
        "csi": 10.0 if indicator.met(icr, target.value) else csi,
        "ap": 10 * indicator.direction * (it - i0) / way,
        "p": 100 * (target.value - it) / (target.value - i0),
    }


def has_ratio(i0: float, indicator: Indicator, target: Target) -> bool:
    is_near = abs(target.value - i0) < NEAR_TARGET * abs(target.value)
    return not is_near and not indicator.met(i0, target.value)


def classify(i0: float, icr: float, it: float, indicator: Indicator, target: Target) -> Outcome:
    """The colour of a series whose latest value has not met a target that is still ahead."""
    numbers = indices(i0, icr, it, indicator, target)
    will_meet = indicator.met(it, target.value)
    if abs(target.value - i0) < NEAR_TARGET * abs(target.value):
        status = "maintain" if will_meet else "reverse"
    elif indicator.met(i0, target.value):
        is_met = indicator.met(icr, target.value)
        status = "maintain" if will_meet and is_met else "accelerate" if will_meet else "reverse"
    else:
        status = band(numbers["p"])
    return Outcome(status, numbers)


def band(p: float | None) -> str:
    assert p is not None
    return "maintain" if p <= MAINTAIN else "accelerate" if p < REVERSE else "reverse"
