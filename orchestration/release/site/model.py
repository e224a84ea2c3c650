"""The release's tables as the pages look them up: latest values, reasons, verdicts, names, print shapes.

What belongs here: indexes over the tables, free of any language's words. What does not: words, layout, any
figure that a table does not already hold.

Heavy tables are cut down in Arrow before a row becomes a Python object.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from functools import cached_property
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from connectors.errors import CheckError
from orchestration.release.site.numbers import Shape, shape_of

Row = Mapping[str, Any]
Series = tuple[str, str]
"""Indicator and breakdown."""

UNECE = "UNECE"
PROVIDER_AREA = "PROVIDER_AREA"
ENTRY_POINTS = ("1", "2", "3", "4", "5", "X")
HEADLINE_WINDOW = {"M1": "all", "M2": "short", "M3": "base", "M4": "base"}
"""The window with which each method speaks (methodology 3.4 and 3.5)."""


def in_headline_window(row: Row) -> bool:
    """Whether a row stands in the window with which its method speaks; other windows are for the files."""
    return HEADLINE_WINDOW[row["method"]] == row["time_window"]


TABLES = (
    *("revisions", "rpt_aggregate", "rpt_agreement", "rpt_area", "rpt_dataset", "rpt_decoupling", "rpt_gap"),
    *("rpt_indicator", "rpt_observation", "rpt_policy_map", "rpt_progress", "rpt_region"),
    *("rpt_regional_progress", "rpt_robustness", "rpt_status_change", "rpt_visibility"),
)
"""What the pages are made of: a release that leaves one of these tables out has no site."""


def has_site(tables: Collection[str]) -> bool:
    """Whether a release that publishes `tables` carries the site; every release has its revisions."""
    return set(TABLES) <= {*tables, "revisions"}


class ReleaseTables:
    """The tables of one release. Raises CheckError when a page asks for a table the release lacks."""

    def __init__(self, tables: Mapping[str, pa.Table]) -> None:
        """`tables` are the release's own, by name."""
        self._tables = tables

    def arrow(self, name: str) -> pa.Table:
        """A table of the release."""
        if name not in self._tables:
            raise CheckError(
                f"The site needs the table {name}, which the release leaves out. Add it to the plan."
            )
        return self._tables[name]

    def rows(self, name: str) -> list[Row]:
        """All rows of a table, in the order of the release."""
        return self.arrow(name).to_pylist()

    @cached_property
    def indicators(self) -> dict[str, Row]:
        """The registry by indicator, in its order."""
        return {row["indicator"]: row for row in self.rows("rpt_indicator")}

    @cached_property
    def countries(self) -> dict[str, Row]:
        """The member States by ISO code."""
        return {row["ref_area"]: row for row in self.rows("rpt_area") if row["is_member"]}

    @cached_property
    def regional(self) -> dict[str, list[Row]]:
        """The rows of the regional progress table by region, regions and rows in the order of the release."""
        return _grouped(self.rows("rpt_regional_progress"), "region")

    @cached_property
    def regional_row(self) -> dict[tuple[str, str, str], Row]:
        """The row of the regional progress table by region, indicator and breakdown."""
        rows = self.rows("rpt_regional_progress")
        return {(row["region"], row["indicator"], row["breakdown"]): row for row in rows}

    @cached_property
    def breakdowns(self) -> dict[str, tuple[str, ...]]:
        """The breakdowns of each indicator; the total first."""
        found: dict[str, set[str]] = defaultdict(set)
        pairs = self.arrow("rpt_observation").select(["indicator", "breakdown"])
        for row in pairs.group_by(["indicator", "breakdown"]).aggregate([]).to_pylist():
            found[row["indicator"]].add(row["breakdown"])
        return {code: tuple(sorted(found[code], key=lambda b: (b != "_T", b))) for code in sorted(found)}

    @cached_property
    def latest(self) -> dict[tuple[str, str, str], Row]:
        """The newest observation with a value by indicator, breakdown and area."""
        table = self.arrow("rpt_observation")
        table = table.filter(pc.is_valid(table["obs_value"])).sort_by(
            [("indicator", "ascending"), ("time_period", "ascending")]
        )
        keyed = zip(
            *(table[name].to_pylist() for name in ("indicator", "breakdown", "ref_area")), strict=True
        )
        newest = {key: position for position, key in enumerate(keyed)}
        rows = table.take(pa.array(list(newest.values()), pa.int64())).to_pylist()
        return dict(zip(newest, rows, strict=True))

    @cached_property
    def history(self) -> dict[tuple[str, str, str], list[tuple[int, float]]]:
        """Every year with a value, oldest first, by indicator, breakdown and area."""
        table = self.arrow("rpt_observation")
        table = table.filter(pc.is_valid(table["obs_value"])).sort_by([("time_period", "ascending")])
        names = ("indicator", "breakdown", "ref_area", "time_period", "obs_value")
        found: dict[tuple[str, str, str], list[tuple[int, float]]] = defaultdict(list)
        for indicator, breakdown, area, year, value in zip(
            *(table[n].to_pylist() for n in names), strict=True
        ):
            found[indicator, breakdown, area].append((int(year), value))
        return dict(found)

    @cached_property
    def absence(self) -> dict[tuple[str, str, str], str]:
        """Why an area has no value of a series: the reason of its newest empty observation that gives one.

        A year outside the rhythm of the series is no reason why there is none at all.
        """
        table = self.arrow("rpt_observation")
        keep = pc.and_(pc.is_valid(table["null_reason"]), pc.not_equal(table["null_reason"], "OFF_GRID"))
        table = table.filter(keep).sort_by([("time_period", "ascending")])
        columns = (table[name].to_pylist() for name in ("indicator", "breakdown", "ref_area", "null_reason"))
        return {(i, b, area): reason for i, b, area, reason in zip(*columns, strict=True)}

    @cached_property
    def agreement(self) -> dict[tuple[str, str, str, str], Row]:
        """The four verdicts by indicator, breakdown, area and kind of area."""
        rows = self.rows("rpt_agreement")
        return {(row["indicator"], row["breakdown"], row["area"], row["area_kind"]): row for row in rows}

    @cached_property
    def m1_colours(self) -> dict[str, Counter[str]]:
        """By country, how many series with observations carry each colour of M1."""
        found: dict[str, Counter[str]] = defaultdict(Counter)
        for (indicator, breakdown, area, kind), row in self.agreement.items():
            if kind == "country" and breakdown in self.breakdowns.get(indicator, ()):
                found[area][row["m1_colour"] or "grey"] += 1
        return found

    @cached_property
    def visibility(self) -> dict[tuple[str, str, str], Row]:
        """How visible an area is in the data, by kind of area, area and scope of the indicators."""
        return {(row["area_kind"], row["area"], row["scope"]): row for row in self.rows("rpt_visibility")}

    @cached_property
    def robustness(self) -> dict[tuple[str, str, str, str], dict[str, Row]]:
        """By series, area and kind: the robustness of each method in the window with which it speaks."""
        found: dict[tuple[str, str, str, str], dict[str, Row]] = defaultdict(dict)
        for row in self.rows("rpt_robustness"):
            if in_headline_window(row):
                key = (row["indicator"], row["breakdown"], row["area"], row["area_kind"])
                found[key][row["method"]] = row
        return dict(found)

    @cached_property
    def progress(self) -> dict[tuple[str, str, str, str], dict[str, Row]]:
        """By series, area and kind: the result of each method in the window with which it speaks."""
        table = self.arrow("rpt_progress")
        regional = table.filter(pc.equal(table["area_kind"], "region"))
        found: dict[tuple[str, str, str, str], dict[str, Row]] = defaultdict(dict)
        for row in regional.to_pylist():
            if in_headline_window(row):
                key = (row["indicator"], row["breakdown"], row["area"], row["area_kind"])
                found[key][row["method"]] = row
        return dict(found)

    @cached_property
    def series_areas(self) -> dict[Series, list[str]]:
        """The areas stated by their publishers (EU27, WORLD) which have a value, by series."""
        found: dict[Series, list[str]] = defaultdict(list)
        for indicator, breakdown, area in self.latest:
            if area not in self.countries:
                found[indicator, breakdown].append(area)
        return {series: sorted(areas) for series, areas in found.items()}

    @cached_property
    def status_changes(self) -> list[Row]:
        """The statuses of the preceding release that are others today, each method in its own window."""
        rows = self.rows("rpt_status_change")
        return [row for row in rows if row["status"] != row["status_before"] and in_headline_window(row)]

    @cached_property
    def datasets(self) -> dict[tuple[str, str], Row]:
        """The data sets by provider and code, with vintage, licence and citation."""
        return {(row["provider"], row["dataset"]): row for row in self.rows("rpt_dataset")}

    @cached_property
    def sources(self) -> dict[str, list[tuple[str, str]]]:
        """The data sets from which each indicator's observations come."""
        pairs = self.arrow("rpt_observation").select(["indicator", "source"])
        found: dict[str, set[tuple[str, str]]] = defaultdict(set)
        for row in pairs.group_by(["indicator", "source"]).aggregate([]).to_pylist():
            for source in (row["source"] or "").split(";"):
                provider, _, rest = source.strip().removeprefix("derived:").partition("/")
                if rest:
                    found[row["indicator"]].add((provider, rest.split("/")[0]))
        return {indicator: sorted(found[indicator]) for indicator in found}

    @cached_property
    def members(self) -> dict[str, list[str]]:
        """The member States of each region."""
        found: dict[str, list[str]] = defaultdict(list)
        for row in self.rows("rpt_region"):
            found[row["region"]].append(row["ref_area"])
        return dict(found)

    def members_of(self, region: str) -> list[str]:
        """The member States of a region; all of them where the group's list stands in no table."""
        return self.members.get(region, list(self.countries))

    @cached_property
    def regions(self) -> dict[str, Row]:
        """The name and state of each region, by code, in the order of the regional progress table."""
        named = {row["region"]: row for row in self.rows("rpt_region")}
        return {region: named[region] for region in self.regional if region in named}

    @cached_property
    def shapes(self) -> dict[Series, Shape]:
        """How the values of each series are printed everywhere."""
        values: dict[Series, list[float]] = defaultdict(list)
        for (indicator, breakdown, _), row in self.latest.items():
            values[indicator, breakdown].append(row["obs_value"])
        units = {code: row["unit_measure"] for code, row in self.indicators.items()}
        return {
            (code, breakdown): shape_of(units[code], values[code, breakdown])
            for code, breakdowns in self.breakdowns.items()
            for breakdown in breakdowns
        }

    def aggregates(self, indicator: str) -> list[Row]:
        """The regional values of one indicator on all reporters, every rule and year."""
        return self._aggregates_by_indicator.get(indicator, [])

    @cached_property
    def _aggregates_by_indicator(self) -> dict[str, list[Row]]:
        table = self.arrow("rpt_aggregate")
        keep = pc.and_(
            pc.equal(table["panel"], "all"), pc.is_in(table["region"], pa.array([UNECE, PROVIDER_AREA]))
        )
        return _grouped(table.filter(keep).to_pylist(), "indicator")


def _grouped(rows: list[Row], column: str) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row[column]].append(row)
    return dict(groups)
