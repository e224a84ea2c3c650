"""What stands in a cell: a number with its place in the tables, or why there is none.

What belongs here: building cells from rows, collecting the reasons a page has to explain. What does not:
choosing rows (model.py, pages/), words (words.py).
"""

from collections import defaultdict
from dataclasses import dataclass

from markupsafe import Markup

from orchestration.release.site.model import Row
from orchestration.release.site.numbers import Cell, Shape
from orchestration.release.site.render import Site
from orchestration.release.site.words import Badge

KEYS = {
    "rpt_aggregate": ("indicator", "breakdown", "region", "time_period", "agg_rule", "panel"),
    "rpt_agreement": ("indicator", "breakdown", "area", "area_kind"),
    "rpt_availability": ("indicator", "breakdown", "ref_area"),
    "rpt_decoupling": ("perspective", "area_kind", "area", "span_years"),
    "rpt_gap": ("ref_area", "entry_point"),
    "rpt_observation": ("indicator", "breakdown", "ref_area", "time_period"),
    "rpt_policy_map": ("ref_area", "indicator", "breakdown"),
    "rpt_progress": ("indicator", "breakdown", "area", "area_kind", "method", "time_window"),
    "rpt_regional_progress": ("region", "indicator", "breakdown"),
    "rpt_robustness": ("indicator", "breakdown", "area", "area_kind", "method", "time_window"),
    "rpt_target": ("indicator", "breakdown", "area", "area_kind"),
    "rpt_visibility": ("area_kind", "area", "scope"),
}
"""The primary keys by which a printed number names its cell, as the tables declare them."""


@dataclass(frozen=True)
class Value:
    """A cell: `number`, or in two or three words why there is none."""

    number: Markup | None
    absent: Markup | None = None


def cell_of(table: str, row: Row, column: str) -> Cell:
    """The place of `row[column]` in the release's tables."""
    return Cell(table, tuple(str(row[name]) for name in KEYS[table]), column)


class Cells:
    """Builds the cells of one page and remembers every reason it had to give."""

    def __init__(self, site: Site) -> None:
        """`site` gives words and number formats."""
        self._site = site
        self._reasons: set[str] = set()

    def value(self, table: str, row: Row, column: str, shape: Shape, reason: str | None = None) -> Value:
        """A number in its shape; without one, the short form of `reason`, or nothing."""
        if row[column] is None:
            return self.absent(reason)
        return Value(self._site.n.data(row[column], shape, cell_of(table, row, column)))

    def count(self, table: str, row: Row, column: str) -> Value:
        """A whole number."""
        if row[column] is None:
            return Value(None)
        return Value(self._site.n.count(int(row[column]), cell_of(table, row, column)))

    def share(self, table: str, row: Row, column: str) -> Value:
        """A share of one as a percentage."""
        if row[column] is None:
            return Value(None)
        return Value(self._site.n.share(row[column], cell_of(table, row, column)))

    def absent(self, reason: str | None) -> Value:
        """A cell without a value."""
        if reason is None:
            return Value(None)
        self._reasons.add(reason)
        return Value(None, self._site.t(f"short_reason.{reason}"))

    def statuses(self, row: Row) -> dict[str, Badge]:
        """The four verdicts of a row."""
        for method in ("m1", "m2", "m3", "m4"):
            if row[f"{method}_colour"] in (None, "grey"):
                self._reasons.add(row[f"{method}_status"] or "NOT_COVERED")
        return self._site.words.statuses(row)

    def reasons(self) -> list[tuple[str, list[Markup]]]:
        """Every short reason given on the page with its sentences, in alphabetical order."""
        found: dict[str, list[Markup]] = defaultdict(list)
        for code in sorted(self._reasons):
            found[str(self._site.t(f"short_reason.{code}"))].append(self._site.words.reason(code))
        return sorted(found.items())
