"""The sample's bodies as UNSD would write them, byte for byte: the list of series, one CSV a series.

What belongs here: columns, natures, statuses, region rows. What does not: figures (world.py), HTTP
(adapter.py).
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from functools import lru_cache

from connectors.sample import world
from connectors.sample.world import as_text

RELEASE = {1: "2025.Q1.G.01", 2: "2026.Q1.G.01"}

SERIES = {
    "EN_MAT_DOMCMPT": ("12;8", "12.2;8.4", "12.2.2;8.4.2", "Domestic material consumption (tonnes)"),
    "EN_MAT_DOMCMPC": (
        "12;8",
        "12.2;8.4",
        "12.2.2;8.4.2",
        "Domestic material consumption per capita (tonnes)",
    ),
    "EN_HAZ_GENV": ("12", "12.4", "12.4.2", "Hazardous waste generated (Tonnes)"),
    "EN_HAZ_PCAP": ("12", "12.4", "12.4.2", "Hazardous waste generated, per capita (Kg)"),
    "EN_MWT_GENV": ("12", "12.4", "12.4.2", "Municipal waste generated (Tonnes)"),
    "SG_HAZ_CMRBASEL": ("12", "12.4", "12.4.1", "Parties meeting their commitments, Basel Convention (%)"),
    "EN_MWT_RCYR": ("12", "12.5", "12.5.1", "Proportion of municipal waste recycled (%)"),
    "EN_MWT_RCYV": ("12", "12.5", "12.5.1", "Municipal waste recycled (Tonnes)"),
    "ER_FFS_CMPT_CD": (
        "12",
        "12.c",
        "12.c.1",
        "Fossil-fuel subsidies (billions of nominal United States dollars)",
    ),
    "ER_FFS_CMPT_GDP": ("12", "12.c", "12.c.1", "Fossil-fuel subsidies as a proportion of total GDP (%)"),
}

_HEAD = [
    *("Goal", "Target", "Indicator", "SeriesCode", "SeriesDescription", "GeoAreaCode", "GeoAreaName"),
    *("TimePeriod", "Value", "Time_Detail", "TimeCoverage", "UpperBound", "LowerBound", "BasePeriod"),
    *("Source", "GeoInfoUrl", "FootNote"),
]
# (area, name, year, value, unit, nature, status, codes of the dimensions)
Row = tuple[str, str, int, str, str, str, str, tuple[str, ...]]


def series_list(vintage: int, series: dict[str, tuple[str, str, str, str]]) -> bytes:
    """The body of Series/List for these series: code -> goals, targets, indicators, title."""
    listed = [
        {
            "goal": goal.split(";"),
            "target": target.split(";"),
            "indicator": indicator.split(";"),
            "release": RELEASE[vintage],
            "code": code,
            "description": title,
            "uri": f"/v1/sdg/Series/{code}",
        }
        for code, (goal, target, indicator, title) in series.items()
    ]
    return json.dumps(listed, separators=(",", ":")).encode()


@lru_cache(maxsize=32)
def data_csv(series: str, vintage: int) -> bytes:
    """The body of DataCSV of a hand-made series."""
    dimensions = ("Type of product",) if series.startswith("EN_MAT") else ()
    rows = _rows(series, vintage)
    return render_csv(series, SERIES[series], dimensions, rows, status=series.startswith(("EN_", "ER_")))


def render_csv(
    series: str,
    headings: tuple[str, str, str, str],
    dimensions: tuple[str, ...],
    rows: Iterable[Row],
    *,
    status: bool = True,
) -> bytes:
    """A body of DataCSV, padded with NUL bytes to a power of two as the service does."""
    head = [*_HEAD, "[Nature]", *["[Observation Status]"] * status, "[Units]", "[Reporting Type]"]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head + [f"[{name}]" for name in dimensions])
    for area, name, year, value, unit, nature, flag, codes in rows:
        line = [*headings[:3], series, headings[3], area, name, str(year), value]
        line += [*[""] * 7, world.MARK, nature, *[flag] * status, unit, "G", *codes]
        writer.writerow(line)
    body = out.getvalue().encode()
    return body + b"\0" * ((1 << len(body).bit_length()) - len(body))


def _rows(series: str, vintage: int) -> Iterator[Row]:
    if series.startswith("EN_MAT"):
        yield from _material_rows(series == "EN_MAT_DOMCMPC", vintage)
        return
    values: dict[tuple[str, int], float]
    people = world.population()
    waste, hazardous = world.municipal_waste(vintage), world.hazardous_waste()
    if series == "EN_HAZ_GENV":
        values, unit = hazardous, "TONNES"
    elif series == "EN_HAZ_PCAP":
        values, unit = {k: round(v * 1000 / people[k], 5) for k, v in hazardous.items()}, "KG"
    elif series == "EN_MWT_GENV":
        values, unit = {k: generated for k, (generated, _) in waste.items()}, "TONNES"
    elif series == "EN_MWT_RCYV":
        values, unit = {k: recycled for k, (_, recycled) in waste.items()}, "TONNES"
    elif series == "EN_MWT_RCYR":
        values, unit = {k: round(100 * part / whole, 5) for k, (whole, part) in waste.items()}, "PERCENT"
    elif series == "SG_HAZ_CMRBASEL":
        values, unit = world.basel_reporting(), "PERCENT"
    elif series == "ER_FFS_CMPT_CD":
        values, unit = world.subsidies(), "CU_USD_B"
    else:
        values = {k: round(v * 1e11 / world.gdp()[k], 6) for k, v in world.subsidies().items()}
        unit = "PERCENT"
    for c in world.countries():
        for year in world.years(vintage):
            if (c.iso3, year) in values:
                nature, flag = _nature(series, c.iso3, year, vintage)
                yield c.m49, c.name, year, as_text(values[c.iso3, year]), unit, nature, flag, ()
    if series == "SG_HAZ_CMRBASEL":
        yield from _mean_rows(values, unit)


def _nature(series: str, iso3: str, year: int, vintage: int) -> tuple[str, str]:
    """(nature, observation status) of one cell."""
    if series.startswith("ER_"):
        return "E", "A"
    if series.startswith("SG_"):
        return "C", ""
    if series.startswith("EN_MWT") and (iso3, year) == (world.BREAK_AREA, world.BREAK_YEAR):
        return "C", "B"
    if series.startswith("EN_MWT") and year == world.LAST_YEAR[vintage] and world.is_provisional(iso3):
        return "C", "P"
    estimated = world.draw(iso3, "estimated", series[:6], str(year)).random() < 0.05
    return ("E", "E") if estimated else ("C", "A")


def _material_rows(per_head: bool, vintage: int) -> Iterator[Row]:
    values, people = world.materials(vintage), world.population()
    sums: dict[tuple[str, str, int], float] = {}
    heads: dict[tuple[str, int], float] = {}
    for c in world.countries():
        shares = world.material_shares(c.iso3)
        for year in world.years(vintage):
            regions = ["1", "150"] if c.in_europe else ["1"]
            for region in regions:
                heads[region, year] = heads.get((region, year), 0.0) + people[c.iso3, year]
            if (c.iso3, year) not in values:
                continue
            whole = values[c.iso3, year]
            by_product = {"ALP": whole, **{p: round(whole * share, 5) for p, share in shares.items()}}
            by_product["NMM"] = round(whole - sum(by_product[p] for p in shares), 5)
            for product, value in by_product.items():
                tonnes = round(value * people[c.iso3, year], 5)
                for region in regions:
                    sums[region, product, year] = sums.get((region, product, year), 0.0) + tonnes
                flag = "E" if c.iso3 in {"TKM", "UZB"} else "A"
                yield (
                    c.m49,
                    c.name,
                    year,
                    as_text(value if per_head else tonnes),
                    "TONNES",
                    "E",
                    flag,
                    (product,),
                )
    for (region, product, year), tonnes in sums.items():
        # The rest of the world is one invented block of people and material.
        tonnes, persons = (
            (tonnes * 3.2, heads["1", year] * 4.6) if region == "1" else (tonnes, heads[region, year])
        )
        value = round(tonnes / persons, 5) if per_head else round(tonnes, 5)
        name = "World" if region == "1" else "Europe"
        yield region, name, year, as_text(value), "TONNES", "N", "A", (product,)


def _mean_rows(values: dict[tuple[str, int], float], unit: str) -> Iterator[Row]:
    """Unweighted means over parties: Europe as it is, the World a little lower."""
    for year in sorted({year for _, year in values}):
        europe = [values[c.iso3, year] for c in world.countries() if c.in_europe and (c.iso3, year) in values]
        mean = sum(europe) / len(europe)
        yield "1", "World", year, as_text(round(mean * 0.9, 2)), unit, "C", "", ()
        yield "150", "Europe", year, as_text(round(mean, 2)), unit, "C", "", ()
