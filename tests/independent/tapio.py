"""Decoupling by Tapio, methodology 3.7.

What belongs here: the elasticity of one area over one span, and its class.
"""

from collections.abc import Mapping

MIN_GROWTH = 0.01
WEAK, COUPLED = 0.8, 1.2


def mean_of_three(values: Mapping[int, float], middle: int) -> float | None:
    """Mean of a year and its neighbours; None if one is missing."""
    years = (middle - 1, middle, middle + 1)
    if any(year not in values for year in years):
        return None
    return sum(values[year] for year in years) / 3


def change(start: float, end: float) -> float | None:
    """Relative change; none from zero."""
    return None if start == 0 else (end - start) / start


def classify(pressure: float, growth: float, min_growth: float = MIN_GROWTH) -> str:
    """The class of a relative change of pressure beside one of GDP."""
    if abs(growth) < min_growth:
        return "NOT_CLASSIFIABLE"
    elasticity = pressure / growth
    if growth > 0:
        if elasticity < 0:
            return "strong_decoupling"
        words = ("weak_decoupling", "expansive_coupling", "expansive_negative_decoupling")
    else:
        if pressure > 0:
            return "strong_negative_decoupling"
        words = ("weak_negative_decoupling", "recessive_coupling", "recessive_decoupling")
    return words[0] if elasticity < WEAK else words[1] if elasticity <= COUPLED else words[2]
