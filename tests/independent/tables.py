"""The published tables as the second implementation wants them.

What belongs here: reading a warehouse's exports into series, panels, members and targets. What does not:
formulas.
"""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import polars as pl

from tests.independent.model import FIRST_YEAR, Indicator, Point
from tests.independent.panels import Cell, Table
from tests.independent.targets import Expression, champion_rate, parse

Series = tuple[str, str]
Area = tuple[str, str]


@dataclass(frozen=True)
class Entry:
    """One entry of the registry: what the methods ask about the indicator, and its rule and reach."""

    indicator: Indicator
    rule: str
    scope: str
    min_countries: int
    expression: Expression
    target_scope: str
    components: tuple[str, ...]
    is_irregular: bool


class Tables:
    """A built warehouse: exports, and the lock's reference year (`now`) and release.

    Keys: (indicator, breakdown) and (area_kind, area).
    """

    def __init__(self, warehouse: Path) -> None:
        self.warehouse = warehouse
        (release,) = pl.read_parquet(warehouse / "input" / "lock" / "release.parquet").iter_rows(named=True)
        self.now, self.release = release["reference_year"], release["release_id"]

    def read(self, name: str) -> pl.DataFrame:
        return pl.read_parquet(self.warehouse / "export" / f"{name}.parquet")

    def received(self, dataset: str) -> dict[str, dict[int, float]]:
        """Values of a data set as dbt received it, of member States by ISO 3166 alpha-3; empty if absent."""
        path = self.warehouse / "input" / "obs" / f"{dataset}.parquet"
        if not path.exists():
            return {}
        found: dict[str, dict[int, float]] = defaultdict(dict)
        rows = pl.read_parquet(path).filter(pl.col("obs_value").is_not_null())
        for area, year, value in rows.select("ref_area", "time_period", "obs_value").iter_rows():
            found[area][int(year)] = value
        return found

    @cached_property
    def registry(self) -> dict[str, Entry]:
        return {row["indicator"]: _entry(row) for row in self.read("dim_indicator").iter_rows(named=True)}

    @cached_property
    def _observed(self) -> pl.DataFrame:
        seen = self.read("fct_observation")
        return seen.filter(
            pl.col("obs_value").is_not_null(),
            ~pl.col("is_zero_ambiguous").fill_null(value=False),
            pl.col("year").is_between(FIRST_YEAR, self.now),
        ).sort("indicator", "breakdown", "ref_area", "year")

    @cached_property
    def points(self) -> dict[Series, dict[Area, list[Point]]]:
        """Points of member States and of the EU row, by series and area."""
        found: dict[Series, dict[Area, list[Point]]] = defaultdict(lambda: defaultdict(list))
        wanted = self._observed.filter((pl.col("area_kind") == "country") | (pl.col("ref_area") == "EU27"))
        for row in wanted.iter_rows(named=True):
            series = found[row["indicator"], row["breakdown"]]
            point = Point(row["year"], row["obs_value"], row["obs_status"] == "B")
            series[row["area_kind"], row["ref_area"]].append(point)
        return found

    @cached_property
    def cells(self) -> dict[Series, Table]:
        """Values of member States with numerator and denominator, by series, country and year."""
        found: dict[Series, dict[str, dict[int, Cell]]] = defaultdict(lambda: defaultdict(dict))
        for row in self._observed.filter(pl.col("area_kind") == "country").iter_rows(named=True):
            cell = Cell(row["obs_value"], row["numerator"], row["denominator"])
            found[row["indicator"], row["breakdown"]][row["ref_area"]][row["year"]] = cell
        return found

    @cached_property
    def countries(self) -> list[str]:
        return sorted(self.read("dim_country")["ref_area"].to_list())

    @cached_property
    def groups(self) -> dict[str, set[str]]:
        current = self.read("dim_country_group").filter(pl.col("is_current") & pl.col("is_published"))
        found: dict[str, set[str]] = defaultdict(set)
        for code, area in current.select("group_code", "ref_area").iter_rows():
            found[code].add(area)
        return found

    def members(self, series: Series, region: str) -> set[str]:
        """Members of a region; the provider's reporting area is whoever has a value."""
        if region != "PROVIDER_AREA":
            return self.groups[region]
        return {area for (ind, _), areas in self.cells.items() if ind == series[0] for area in areas}

    @cached_property
    def _on_grid(self) -> dict[Series, set[int]]:
        """Years in which each series is collected: in a year without any value nobody was asked."""
        on_grid = self.read("fct_observation").filter(
            pl.col("area_kind") == "country",
            pl.col("obs_value").is_not_null(),
            ~pl.col("is_off_grid").fill_null(value=False),
        )
        found: dict[Series, set[int]] = defaultdict(set)
        for *series, year in on_grid.select("indicator", "breakdown", "year").unique().iter_rows():
            found[tuple(series)].add(year)
        return found

    def grid(self, series: Series, region: str, start: int, end: int) -> list[int]:
        """Years a fixed panel needs; of an irregular series those with a value of the region."""
        years = [year for year in self._on_grid[series] if start <= year <= end]
        if self.registry[series[0]].is_irregular:
            years = [year for year in years if self._is_published(series, region, year)]
        return sorted(years)

    def _is_published(self, series: Series, region: str, year: int) -> bool:
        """Enough members (the minimum of the 56, more than half of a group) and half the people."""
        entry, members = self.registry[series[0]], self.members(series, region)
        there = {country for country in members if year in self.cells[series].get(country, {})}
        enough = len(there) >= entry.min_countries if region == "UNECE" else 2 * len(there) > len(members)
        if not enough or entry.rule not in ("SUM", "RSUM"):
            return enough
        people = {area: cells[year].value for area, cells in self.cells["POP", "_T"].items() if year in cells}
        return 2 * sum(people.get(c, 0) for c in there) >= sum(people.get(c, 0) for c in members)

    def is_in_scope(self, scope: str, area: Area) -> bool:
        """Whether a target applies: to all, or to the EU, its members and its row."""
        if scope != "EU27":
            return scope == "all"
        return area[1] == "EU27" or (area[0] == "country" and area[1] in self.groups["EU27"])

    @cached_property
    def _frozen_rates(self) -> dict[Series, float]:
        rows = [(series, row["champion_rate"]) for (series, _), row in self.targets.items()]
        return {series: rate for series, rate in rows if rate is not None}

    def champion_rate(self, series: Series) -> float | None:
        """The rate frozen with the indicator, else that of today's points."""
        if series in self._frozen_rates:
            return self._frozen_rates[series]
        return self.champion_rate_today(series)

    def champion_rate_today(self, series: Series) -> float | None:
        entry = self.registry[series[0]]
        countries = [line for (kind, _), line in self.points[series].items() if kind == "country"]
        return None if entry.rule == "SUM" else champion_rate(countries, entry.indicator)

    @cached_property
    def progress(self) -> dict[tuple, dict]:
        """Rows of the progress table by indicator, breakdown, kind, area, method and window."""
        names = ("indicator", "breakdown", "area_kind", "area", "method", "time_window")
        rows = self.read("fct_progress").sort(names).iter_rows(named=True)
        return {tuple(row[name] for name in names): row for row in rows}

    @cached_property
    def latest_year(self) -> dict[str, int]:
        """Latest year of each indicator with a point."""
        found: dict[str, int] = {}
        for (indicator, _), areas in self.points.items():
            years = [points[-1].year for points in areas.values()]
            found[indicator] = max([*years, found.get(indicator, 0)])
        return found

    @cached_property
    def targets(self) -> dict[tuple[Series, Area], dict]:
        return {
            ((row["indicator"], row["breakdown"]), (row["area_kind"], row["area"])): row
            for row in self.read("fct_target").iter_rows(named=True)
        }


def _entry(row: dict) -> Entry:
    bounds = {"lower": row["lower_limit"], "upper": row["upper_limit"]}
    indicator = Indicator(
        direction=row["direction"],
        trend_model=row["trend_model"] or "linear",
        is_binary=bool(row["is_binary"]),
        is_growth_rate=bool(row["is_growth_rate"]),
        is_percent=row["unit_measure"] == "%",
        **bounds,
    )
    components = tuple((row["components"] or "").split(";")) if row["components"] else ()
    return Entry(
        indicator,
        row["agg_rule"],
        row["scope"],
        row["min_countries"],
        parse(row["target_expression"], row["target_deadline"]),
        row["target_scope"],
        components,
        row["frequency"] == "I",
    )
