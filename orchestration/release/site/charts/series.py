"""A region's series by the rules of aggregation, with the target and the reference year.

What belongs here: one chart of the rows of rpt_aggregate. What does not: which rule is the headline (the
table says), how values are printed (numbers.py).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from orchestration.release.site.drawing import WIDTH, legend_above, rendered
from orchestration.release.site.figures import Cell as Printed
from orchestration.release.site.figures import Figure
from orchestration.release.site.model import Row
from orchestration.release.site.numbers import Shape
from orchestration.release.site.palette import MUTED, SERIES, STATUS
from orchestration.release.site.render import Site
from orchestration.release.site.territory import series_notes
from orchestration.release.site.values import cell_of

PANELS = (("SUM",), ("RSUM_MATCHED", "RSUM_FULL", "MEAN", "MEDIAN", "PUBLISHED"), ("COUNT",))
"""Rules that share an axis. A sum and a mean of the same amounts differ by the number of countries."""
RATES = PANELS[1]
LOOKS = {
    "RSUM_FULL": ([5, 3], "square", SERIES[1]),
    "MEAN": ([2, 2], "diamond", SERIES[2]),
    "MEDIAN": ([8, 3, 2, 3], "triangle-up", SERIES[3]),
}
"""Dash, shape and colour of a rule; every other rule is a plain line with dots."""
PLAIN = ([1, 0], "circle", SERIES[0])
TARGET = ([6, 3], "cross", STATUS["red"])
LEFT = 56  # width of the labels of the vertical axis
HEIGHT, STRIP = 190, 70
RELATIVE_TARGETS = ("champion", "0.5*value(self")
COUNTED = Shape(0)


def regional_series(site: Site, identifier: str, indicator: str, breakdown: str, region: str) -> Figure:
    """The chart of one series in one region: a panel for each scale, a line for each rule."""
    title = site.t(
        "charts.series.title", series=site.words.series(indicator, breakdown), region=site.words.area(region)
    )
    rows = [
        row
        for row in site.tables.aggregates(indicator)
        if row["breakdown"] == breakdown and row["region"] == region and row["obs_value"] is not None
    ]
    if not rows:
        return Figure(str(title), str(site.t("charts.series.none")), site.t("charts.series.none")[:0], ())
    chart = _Series(
        site, indicator, breakdown, rows, site.tables.regional_row.get((region, indicator, breakdown))
    )
    svg = rendered(chart.specification(), site, identifier)
    members = site.tables.members_of(region)
    notes = (*chart.notes(), *series_notes(site, [(indicator, breakdown)], members))
    return Figure(str(title), chart.description(), svg, chart.table(), notes)


class _Series:
    def __init__(self, site: Site, indicator: str, breakdown: str, rows: Sequence[Row], progress: Row | None):
        self.site = site
        self.t = site.t
        self.shape = site.tables.shapes[indicator, breakdown]
        self.unit = site.tables.indicators[indicator]["unit_measure"]
        self.by_rule: dict[str, list[Row]] = {}
        for row in sorted(rows, key=lambda row: row["time_period"]):
            self.by_rule.setdefault(row["agg_rule"], []).append(row)
        self.rules = [rule for panel in PANELS for rule in panel if rule in self.by_rule]
        self.counts = site.tables.indicators[indicator]["agg_rule"] == "COUNT"
        self.least = site.tables.indicators[indicator]["count_at_least"]
        with_target = progress is not None and progress["target_value"] is not None
        self.target = progress if with_target and any(rule in RATES for rule in self.rules) else None

    def label(self, rule: str) -> str:
        """A count is the indicator's own value, meets a condition, or says on how many the rest stands."""
        if rule != "COUNT" or self.counts:
            return str(self.t(f"indicator.rule.{rule}"))
        if self.least is None:
            return str(self.t("charts.reporting"))
        value = self.site.n.text(self.least, COUNTED)
        return str(self.t("charts.at_least", value=value, unit=self.site.words.unit(self.unit)))

    def shape_of(self, rule: str) -> Shape:
        return COUNTED if rule == "COUNT" else self.shape

    def heading(self, rule: str) -> str:
        return self.label(rule) if rule == "COUNT" else f"{self.label(rule)} ({self.unit_of(rule)})"

    def unit_of(self, rule: str) -> str:
        return str(self.site.words.unit(self.by_rule[rule][0]["unit_measure"], self.shape_of(rule)))

    def description(self) -> Markup:
        """First and last value of the headline rule, and the target, each with its place."""
        headline = [rule for rule in self.rules if self.by_rule[rule][-1]["is_headline"]]
        rule = headline[0] if headline else self.rules[0]
        first, last = self.by_rule[rule][0], self.by_rule[rule][-1]
        values = {
            "rule": self.label(rule),
            "unit": self.unit_of(rule),
            "last": self.printed(last, rule),
            "last_year": last["time_period"],
        }
        if first is last:
            text = self.t("charts.series.one", **values)
        else:
            start = self.printed(first, rule)
            text = self.t("charts.series.text", first=start, first_year=first["time_period"], **values)
        if self.target is None:
            return text
        place = cell_of("rpt_regional_progress", self.target, "target_value")
        value = self.site.n.data(self.target["target_value"], self.shape, place)
        told = self.t("charts.series.target_text", year=self.target["target_year"], value=value)
        return Markup("{} {}").format(text, told)

    def notes(self) -> tuple[str, ...]:
        """What the target is measured by."""
        if self.target and self.target["target_expression"].startswith(RELATIVE_TARGETS):
            return (str(self.t("charts.series.relative")),)
        return ()

    def table(self) -> tuple[tuple[Printed, ...], ...]:
        """A row a year, a column a rule, every value with its place in rpt_aggregate."""
        cells = {(row["time_period"], rule): row for rule in self.rules for row in self.by_rule[rule]}
        years = sorted({year for year, _ in cells})
        head = (str(self.t("charts.year")), *(self.heading(rule) for rule in self.rules))
        body = (
            (year, *(self.printed(cells.get((year, rule)), rule) for rule in self.rules)) for year in years
        )
        return (head, *body)

    def printed(self, row: Row | None, rule: str) -> Printed:
        if row is None:
            return str(self.t("charts.no_value"))
        place = cell_of("rpt_aggregate", row, "obs_value")
        return self.site.n.data(row["obs_value"], self.shape_of(rule), place)

    def specification(self) -> dict[str, Any]:
        panels = [[rule for rule in panel if rule in self.by_rule] for panel in PANELS]
        independent = {"color": "independent", "shape": "independent", "strokeDash": "independent"}
        return {
            "vconcat": [
                self.panel(panel, named=not place) for place, panel in enumerate(filter(None, panels))
            ],
            "spacing": 16,
            "resolve": {"scale": independent},
        }

    def panel(self, rules: Sequence[str], named: bool) -> dict[str, Any]:
        """One panel: its legend if it has several lines, else its heading says what the line is."""
        factor = self.shape_of(rules[0]).factor
        keys = {self.label(rule): LOOKS.get(rule, PLAIN) for rule in rules}
        values = [
            {"year": int(row["time_period"]), "value": row["obs_value"] / factor, "rule": self.label(rule)}
            for rule in rules
            for row in self.by_rule[rule]
        ]
        target = []
        if self.target and rules[0] in RATES:
            value = self.site.n.text(self.target["target_value"], self.shape)
            words = str(self.t("charts.series.target", year=self.target["target_year"], value=value))
            keys[words] = TARGET
            place = {"year": self.target["target_year"], "rule": words}
            target = [place | {"value": self.target["target_value"] / factor}]
        strip = rules == ["COUNT"] and not self.counts
        y = self.axis_y(max(row["n_members"] for row in self.by_rule["COUNT"]) if strip else None)
        heading = self.heading(rules[0]) if len(keys) == 1 else self.unit_of(rules[0])
        # A legend counts as part of the plot, the name of the reference year does not.
        gap = 6 if len(keys) > 1 else 20 if named else 8
        return {
            "title": {"text": heading, "fontWeight": "normal", "offset": gap, "dx": -LEFT},
            "width": WIDTH - LEFT - 16,
            "height": STRIP if strip else HEIGHT,
            "layer": [
                self.reference(named),
                *self.lines(values, keys, y),
                *self.target_marks(target, keys, y),
            ],
        }

    def lines(self, values: list[Any], keys: Mapping[str, Any], y: dict[str, Any]) -> list[dict[str, Any]]:
        place = {"x": self.axis_x(), "y": y, "color": scale(keys, 2)}
        return [
            {
                "data": {"values": values},
                "mark": {"type": "line", "strokeWidth": 2},
                "encoding": {**place, "strokeDash": scale(keys, 0) | {"legend": None}},
            },
            {
                "data": {"values": values},
                "mark": {"type": "point", "filled": True, "size": 30, "opacity": 1},
                "encoding": {**place, "shape": scale(keys, 1)},
            },
        ]

    def target_marks(
        self, target: list[Any], keys: Mapping[str, Any], y: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """The target as a line over all years and a cross at its own; nothing without a target."""
        if not target:
            return []
        dash, _, colour = TARGET
        return [
            {
                "data": {"values": target},
                "mark": {"type": "rule", "color": colour, "strokeDash": dash, "strokeWidth": 1.5},
                "encoding": {"y": y},
            },
            {
                "data": {"values": target},
                "mark": {"type": "point", "filled": True, "size": 90, "opacity": 1},
                "encoding": {"x": self.axis_x(), "y": y, "color": scale(keys, 2), "shape": scale(keys, 1)},
            },
        ]

    def axis_x(self) -> dict[str, Any]:
        years = [int(row["time_period"]) for rows in self.by_rule.values() for row in rows]
        ends = [*years, self.site.facts.reference_year]
        last = max([*ends, self.target["target_year"]] if self.target else ends)
        return {
            "field": "year",
            "type": "quantitative",
            "scale": {"domain": [min(ends), last], "nice": False},
            "axis": {"format": "d", "tickCount": 6, "tickMinStep": 1, "labelFlush": False, "title": None},
        }

    def axis_y(self, most: int | None) -> dict[str, Any]:
        """The vertical axis; from zero to `most` if that is given."""
        axis: dict[str, Any] = {"title": None, "tickCount": 5, "minExtent": LEFT, "maxExtent": LEFT}
        domain: dict[str, Any] = {"zero": False}
        if most is not None:
            axis |= {"values": [0, most]}
            domain = {"domain": [0, most], "nice": False}
        return {"field": "value", "type": "quantitative", "scale": domain, "axis": axis}

    def reference(self, named: bool) -> dict[str, Any]:
        """A line at the reference year; its name stands over the plot, where no series runs into it."""
        year = self.site.facts.reference_year
        words = str(self.t("charts.series.reference", year=year)) if named else ""
        name = {"type": "text", "align": "right", "baseline": "bottom", "dx": 14, "dy": -3, "color": MUTED}
        return {
            "data": {"values": [{"year": year, "text": words}]},
            "encoding": {"x": self.axis_x()},
            "layer": [
                {"mark": {"type": "rule", "color": MUTED, "strokeDash": [2, 3]}},
                {"mark": name, "encoding": {"text": {"field": "text"}, "y": {"value": 0}}},
            ],
        }


def scale(keys: Mapping[str, Any], position: int) -> dict[str, Any]:
    """The encoding of a rule's looks; equal domains and titles make one legend of colour and shape."""
    chosen = {"domain": list(keys), "range": [looks[position] for looks in keys.values()]}
    place = legend_above(len(keys), LEFT, gap=26)
    legend = place | {"symbolStrokeWidth": 0.5, "symbolDash": [1, 0]} if len(keys) > 1 else None
    return {"field": "rule", "type": "nominal", "scale": chosen, "title": None, "legend": legend}
