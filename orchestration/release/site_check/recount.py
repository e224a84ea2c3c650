"""What some pages count and how large amounts are scaled, worked out anew from the tables.

What belongs here: the numbers of a page that stand in no cell, where the page counts rows of whole tables;
the series printed in millions. What does not: comparing (numbers.py), cells (expected.py).

Judged so are the home page, the lists of regions, countries and indicators, the progress tables, the country
profiles and the minimum values of the policies. Only which window a method speaks with is taken from
the pages' own code (model.py), because it is the method's.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from orchestration.release.site.model import PROVIDER_AREA, UNECE, in_headline_window
from orchestration.release.site.numbers import SCALED_UNITS
from orchestration.release.site.values import KEYS
from orchestration.release.site_check.expected import progress_page, regions

Tables = Mapping[str, pa.Table]
Rows = list[dict[str, Any]]
Series = tuple[str, str]

MILLION = 1e6
_SCALED_FROM = 1e7
_COLOURS = ("green", "yellow", "red", "grey")


def wanted_counts(tables: Tables) -> dict[str, Counter[int]]:
    """By slug the numbers without a cell that the page prints, each as often as it is printed."""
    found: dict[str, Counter[int]] = defaultdict(Counter)
    for slug, counts in (*_regional(tables), *_countries(tables), *_minimum(tables)):
        found[slug].update(counts)
    found["indicators/index.html"][tables["rpt_indicator"].num_rows] += 1
    found["index.html"].update(_home(tables))
    return found


def _regional(tables: Tables) -> Iterator[tuple[str, Iterable[int]]]:
    members = Counter(tables["rpt_region"]["region"].to_pylist())
    rows = tables["rpt_regional_progress"].to_pylist()
    for region in regions(tables):
        own = [row for row in rows if row["region"] == region]
        colours = Counter(row["colour"] for row in own)
        counted = [colours[colour] for colour in _COLOURS]
        yield progress_page(region), (len(own), *_assessed(counted))
        yield "progress/index.html", (members[region] or own[0]["n_members"], *counted)


def _assessed(counted: list[int]) -> tuple[int, ...]:
    """Green, yellow and red, and all three together."""
    return (sum(counted[:3]), *counted[:3])


def _countries(tables: Tables) -> Iterator[tuple[str, Iterable[int]]]:
    areas = tables["rpt_area"]
    members = areas.filter(areas["is_member"])["ref_area"].to_pylist()
    yield "countries/index.html", (len(members),)
    table = tables["rpt_observation"]
    series = _series(table)
    with_value = table.filter(pc.is_valid(table["obs_value"])).group_by(
        ["indicator", "breakdown", "ref_area"]
    )
    filled = Counter(with_value.aggregate([])["ref_area"].to_pylist())
    colours: dict[str, Counter[str]] = defaultdict(Counter)
    named = ["indicator", "breakdown", "area", "area_kind", "m1_colour"]
    for row in tables["rpt_agreement"].select(named).to_pylist():
        if row["area_kind"] == "country" and (row["indicator"], row["breakdown"]) in series:
            colours[row["area"]][row["m1_colour"] or "grey"] += 1
    for country in members:
        counted = [colours[country][colour] for colour in _COLOURS]
        yield "countries/index.html", counted
        yield f"countries/{country}.html", (len(series), filled[country], *_assessed(counted))


def _minimum(tables: Tables) -> Iterator[tuple[str, Iterable[int]]]:
    table = tables["rpt_policy_map"]
    ruled = table.filter(pc.is_valid(table["minimum"])).to_pylist()
    for indicator in {row["indicator"] for row in ruled}:
        met = [row["meets_minimum"] for row in ruled if row["indicator"] == indicator]
        yield "analysis/policies.html", (met.count(True), met.count(False), met.count(None))


def _home(tables: Tables) -> Iterator[int]:
    """Every series of the whole region once; by the provider's area where it covers no more than that."""
    rows = tables["rpt_regional_progress"].to_pylist()
    by_region = {(row["region"], row["indicator"], row["breakdown"]): row for row in rows}
    chosen = [
        by_region.get((PROVIDER_AREA, row["indicator"], row["breakdown"]), row)
        for row in rows
        if row["region"] == UNECE
    ]
    colours = Counter(row["colour"] for row in chosen)
    yield from _assessed([colours[colour] for colour in _COLOURS])
    yield colours["grey"]
    if narrow := sum(row["region"] == PROVIDER_AREA and row["colour"] != "grey" for row in chosen):
        yield narrow
    judged = [row["agreement"] for row in chosen if row["agreement"] is not None]
    yield from (len(judged), judged.count(1), sum(bool(row["is_contradiction"]) for row in chosen))
    # Empty without a preceding release.
    changes = (
        tables["rpt_status_change"].select(["method", "time_window", "status", "status_before"]).to_pylist()
    )
    if changed := sum(row["status"] != row["status_before"] and in_headline_window(row) for row in changes):
        yield changed


@dataclass(frozen=True)
class Scales:
    """`known`: every series with observations; `millions`: those of them whose amounts are so printed."""

    known: frozenset[Series]
    millions: frozenset[Series]

    def of(self, cell: str) -> float:
        """By what the value of a cell is divided before it is printed."""
        table, _, rest = cell.partition("|")
        key, _, column = rest.rpartition("|")
        place = dict(zip(KEYS.get(table, ()), key.split(","), strict=False))
        is_amount = column.endswith("_value") or column == "difference_to_matched"
        if not is_amount or "indicator" not in place or place.get("agg_rule") == "COUNT":
            return 1.0
        return MILLION if self._shaped_as(place["indicator"], place["breakdown"]) in self.millions else 1.0

    def _shaped_as(self, indicator: str, breakdown: str) -> Series | None:
        """The series itself; of an indicator's components together the first of them."""
        if (indicator, breakdown) in self.known:
            return indicator, breakdown
        own = [one for one in self.known if one[0] == indicator]
        return min(own, key=lambda one: (one[1] != "_T", one[1]), default=None)


def read_scales(tables: Tables) -> Scales:
    """Amounts are printed in millions if the newest value of some area is ten millions or more."""
    units = tables["rpt_indicator"].select(["indicator", "unit_measure"]).to_pylist()
    amounts = [row["indicator"] for row in units if row["unit_measure"] in SCALED_UNITS]
    table = tables["rpt_observation"]
    keep = pc.and_(
        pc.is_valid(table["obs_value"]), pc.is_in(table["indicator"], pa.array(amounts, pa.string()))
    )
    columns = ("indicator", "breakdown", "ref_area", "obs_value")
    newest: dict[tuple[str, str, str], float] = {}
    ordered = table.filter(keep).sort_by([("time_period", "ascending")])
    for indicator, breakdown, area, value in zip(
        *(ordered[name].to_pylist() for name in columns), strict=True
    ):
        newest[indicator, breakdown, area] = value
    millions = frozenset(key[:2] for key, value in newest.items() if abs(value) >= _SCALED_FROM)
    return Scales(_series(table), millions)


def _series(observations: pa.Table) -> frozenset[Series]:
    """Every indicator and breakdown with observations."""
    pairs = observations.group_by(["indicator", "breakdown"]).aggregate([]).to_pylist()
    return frozenset((row["indicator"], row["breakdown"]) for row in pairs)
