"""Fixed panels, methodology 3.3.

What belongs here: the countries of a panel and the panel's value in a year. What does not: which years make
the grid.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Cell:
    """A country's value in a year, with the numerator and denominator of its ratio where it has them."""

    value: float
    numerator: float | None = None
    denominator: float | None = None

    def counts_for(self, rule: str) -> bool:
        if not rule.startswith("RSUM"):
            return True
        return self.numerator is not None and self.denominator is not None and self.denominator > 0


Table = Mapping[str, Mapping[int, Cell]]


def members_of(table: Table, countries: Iterable[str], years: Iterable[int], rule: str) -> list[str]:
    """Countries with a value in every one of the years."""
    wanted = list(years)
    return [
        country
        for country in sorted(countries)
        if country in table
        and all(year in table[country] and table[country][year].counts_for(rule) for year in wanted)
    ]


def value_of(table: Table, members: Iterable[str], year: int, rule: str) -> float:
    """The panel's value: a sum, a sum over a sum, a mean or a median."""
    cells = [table[member][year] for member in members]
    if rule.startswith("RSUM"):
        return sum(cell.numerator or 0.0 for cell in cells) / sum(cell.denominator or 0.0 for cell in cells)
    values = [cell.value for cell in cells]
    return float({"SUM": np.sum, "MEAN": np.mean, "MEDIAN": np.median}[rule](values))
