"""The invented world: population, economy, materials and waste of 56 countries, in two vintages.

What belongs here: figures and gaps. What does not: wire formats (bodies.py).

Only + - * / and round are used (no exp or log, whose last digits differ between machines), and Python's own
generator seeded by text. Both vintages draw the same numbers; the second adds a year, settles the provisional
one and revises one country (`REVISED`).
"""

from __future__ import annotations

import csv
import random
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

SEED = "circularity sample 5"
FIRST_YEAR = 2000
LAST_YEAR = {1: 2023, 2: 2024}
# A new year alone should seldom change a status: what changes one between the vintages is the revision. So
# trends keep away from the thresholds of the methods, multiples of 0.5 % a year: population and GDP grow by
# about such a multiple, an amount of them by a third of 0.5 % more than one, a share of that amount likewise,
# and both together are two thirds off. Noise is small; gaps are in years in which no window begins or ends.
NOISE = 0.0005
GAP_YEARS = frozenset({2003, 2006, 2011, 2012, 2013, 2016, 2017, 2021})
# The status flip: in the first vintage this country's material consumption falls, in the second it rises.
REVISED, FALLING, RISING = "PRT", -0.0083, 0.0067
BREAK_AREA, BREAK_YEAR = "AUT", 2012
CONFIDENTIAL_AREA, CONFIDENTIAL_YEAR = "LUX", 2016
MICROSTATES = frozenset({"AND", "LIE", "MCO", "SMR"})
NO_WASTE_DATA = frozenset({"LIE", "MCO", "SMR", "TJK", "TKM"})
NO_HAZARDOUS_DATA = frozenset({"CAN", "LIE", "MCO", "SMR", "TJK", "TKM", "USA"})
NO_SUBSIDY_DATA = frozenset({"AND", "LIE", "MCO", "MNE", "SMR", "TKM"})
# The countries outside the Union which Eurostat's tables cover.
EUROSTAT_AREAS = frozenset({"CHE", "ISL", "NOR", "ALB", "BIH", "MNE", "MKD", "SRB", "TUR", "GBR"})
NOT_BASEL_PARTY = frozenset({"USA"})
KOSOVO_POPULATION = 1_800_000
_GDP_ENDS = {"MCO": 2020, "TKM": 2021}
_Option = TypeVar("_Option", float, str)
MARK = "Invented figure of the illustrative sample"
_PROFILES = Path(__file__).parent / "profiles.csv"
_COUNTRIES = Path(__file__).parents[1] / "reference" / "countries.csv"


@dataclass(frozen=True)
class Country:
    """Codes as the providers write them, and the invented starting point."""

    iso3: str
    iso2: str
    m49: str
    geo: str
    name: str
    in_europe: bool
    is_eu27: bool
    population: int
    growth: float
    gdp_per_head: float


@lru_cache(maxsize=1)
def countries() -> tuple[Country, ...]:
    """The 56 member States, by ISO code."""
    with _PROFILES.open(encoding="utf-8", newline="") as file:
        profiles = {row["ref_area"]: row for row in csv.DictReader(file)}
    with _COUNTRIES.open(encoding="utf-8", newline="") as file:
        codes = sorted(csv.DictReader(file), key=lambda row: row["ref_area"])
    return tuple(_country(row, profiles[row["ref_area"]]) for row in codes)


def _country(row: dict[str, str], profile: dict[str, str]) -> Country:
    return Country(
        iso3=row["ref_area"],
        iso2=row["iso2"],
        m49=str(int(row["m49"])),
        geo=row["eurostat_geo"],
        name=row["name_en"],
        in_europe=row["m49_subregion"].endswith("Europe"),
        is_eu27=row["unece_subgroup"] == "EU27",
        population=int(profile["population_thousand"]) * 1000,
        growth=float(profile["growth"]),
        gdp_per_head=float(profile["gdp_per_head"]),
    )


def years(vintage: int) -> range:
    """The years a vintage covers."""
    return range(FIRST_YEAR, LAST_YEAR[vintage] + 1)


def draw(*names: str) -> random.Random:
    """A generator of its own for each thing drawn, so that adding one thing moves no other."""
    return random.Random(":".join((SEED, *names)))


def path(level: float, drift: float, noise: float, *names: str) -> dict[int, float]:
    """A level moving by `drift` a year with noise around it; the same numbers whatever the vintage."""
    generator, found = draw(*names), {}
    for year in range(FIRST_YEAR, max(LAST_YEAR.values()) + 1):
        found[year] = level * (1 + noise * (2 * generator.random() - 1))
        level *= 1 + drift
    return found


def has_gap(year: int, chance: float, *names: str) -> bool:
    """Whether a year is missing by chance."""
    return year in GAP_YEARS and draw(*names, str(year)).random() < chance


def pick(options: tuple[_Option, ...], *names: str) -> _Option:
    """One of some options, drawn by name."""
    return options[int(draw(*names).random() * len(options))]


@lru_cache(maxsize=1)
def population() -> dict[tuple[str, int], int]:
    """Persons by country and year."""
    return {
        (c.iso3, year): round(value)
        for c in countries()
        for year, value in path(c.population, c.growth, 0.0, c.iso3, "population").items()
    }


@lru_cache(maxsize=1)
def whole_gdp() -> dict[tuple[str, int], float]:
    """Current US dollars by country and year, of all countries."""
    found = {}
    for c in countries():
        per_head = path(c.gdp_per_head, 0.03 if c.gdp_per_head < 15000 else 0.02, NOISE, c.iso3, "gdp")
        for year, value in per_head.items():
            found[c.iso3, year] = round(value * population()[c.iso3, year], 2)
    return found


@lru_cache(maxsize=1)
def gdp() -> dict[tuple[str, int], float]:
    """Current US dollars by country and year as published: a few countries stop reporting."""
    unreported = {("UKR", 2022)}
    return {
        (iso3, year): value
        for (iso3, year), value in whole_gdp().items()
        if year <= _GDP_ENDS.get(iso3, year) and (iso3, year) not in unreported
    }


@lru_cache(maxsize=2)
def materials(vintage: int) -> dict[tuple[str, int], float]:
    """Domestic material consumption, tonnes per head; micro-states are absent."""
    found = {}
    for c in countries():
        if c.iso3 in MICROSTATES:
            continue
        level = 9 + 16 * draw(c.iso3, "dmc level").random()
        drift = pick((-0.0283, -0.0133, -0.0133, -0.0083, 0.0117), c.iso3, "dmc drift")
        if c.iso3 == REVISED:
            drift = FALLING if vintage == 1 else RISING
        for year, value in path(level, drift, NOISE, c.iso3, "dmc").items():
            found[c.iso3, year] = round(value, 5)
    return found


def material_shares(iso3: str) -> dict[str, float]:
    """Shares of biomass, fossil fuels and metal ores; the rest is non-metallic minerals."""
    generator = draw(iso3, "materials")
    return {
        "BIM": 0.2 + 0.1 * generator.random(),
        "FOF": 0.15 + 0.1 * generator.random(),
        "MEO": 0.05 + 0.05 * generator.random(),
    }


@lru_cache(maxsize=2)
def municipal_waste(vintage: int) -> dict[tuple[str, int], tuple[float, float]]:
    """(tonnes generated, tonnes recycled) by country and year, gaps left out."""
    found = {}
    for c in countries():
        if c.iso3 in NO_WASTE_DATA:
            continue
        level = 280 + 280 * draw(c.iso3, "waste level").random()
        kilograms = path(
            level, pick((-0.0183, -0.0083, -0.0083, 0.0067), c.iso3, "waste drift"), NOISE, c.iso3, "waste"
        )
        share = path(
            0.08 + 0.17 * draw(c.iso3, "recycling level").random(),
            pick((-0.0267, 0.0267, 0.0317, 0.0367), c.iso3, "recycling drift"),
            NOISE,
            c.iso3,
            "recycling",
        )
        for year in years(vintage):
            if _waste_gap(c, year):
                continue
            rate = share[year] + (0.06 if c.iso3 == BREAK_AREA and year >= BREAK_YEAR else 0.0)
            # The year that was provisional in the first vintage is settled a little higher in the second.
            settled = 1.01 if vintage == 2 and year == LAST_YEAR[1] and is_provisional(c.iso3) else 1.0
            generated = round(kilograms[year] * settled * population()[c.iso3, year] / 1000)
            found[c.iso3, year] = (float(generated), round(generated * rate, 2))
    return found


def _waste_gap(c: Country, year: int) -> bool:
    if (c.iso3, year) == (CONFIDENTIAL_AREA, CONFIDENTIAL_YEAR):
        return True  # withheld by Eurostat, so UNSD has no row either
    if c.is_eu27 or c.iso3 in {"NOR", "CHE", "ISL", "TUR"}:
        return (c.iso3, year) in {("IRL", 2013), ("IRL", 2015), ("DNK", 2010), ("GRC", 2020)}
    if c.iso3 == "GBR":
        return year > 2019
    start = 2002 + int(draw(c.iso3, "waste start").random() * 8)
    return year < start or has_gap(year, 0.3, c.iso3, "waste gaps")


def is_provisional(iso3: str) -> bool:
    """Whether a country's newest waste figures are provisional."""
    return draw(iso3, "provisional").random() < 0.2


@lru_cache(maxsize=1)
def hazardous_waste() -> dict[tuple[str, int], float]:
    """Tonnes by country and year: every second year where EU rules apply, yearly with gaps elsewhere."""
    found = {}
    for c in countries():
        if c.iso3 in NO_HAZARDOUS_DATA:
            continue
        level = 60 + 160 * draw(c.iso3, "hazardous level").random()
        drift = pick((-0.0283, -0.0083, -0.0083, 0.0067), c.iso3, "hazardous drift")
        biennial = c.is_eu27 or c.iso3 in {"NOR", "ISL", "GBR", "TUR", "SRB", "MKD"}
        for year, value in path(level, drift, NOISE, c.iso3, "hazardous").items():
            if (biennial and (year % 2 or year < 2004)) or (not biennial and year < 2005):
                continue
            if not biennial and has_gap(year, 0.5, c.iso3, "hazardous gaps"):
                continue
            found[c.iso3, year] = float(round(value * population()[c.iso3, year] / 1000))
    return found


@lru_cache(maxsize=1)
def subsidies() -> dict[tuple[str, int], float]:
    """Fossil-fuel subsidies, billions of current US dollars; some countries give 0, which may mean
    missing.
    """
    found = {}
    for c in countries():
        if c.iso3 in NO_SUBSIDY_DATA:
            continue
        level = 0.3 + 2.2 * draw(c.iso3, "subsidy level").random()
        drift = pick((-0.0283, -0.0183, 0.0167, 0.0217), c.iso3, "subsidy drift")
        for year, share in path(level, drift, NOISE, c.iso3, "subsidies").items():
            if year < 2003 or (c.iso3, year) not in gdp():
                continue
            zero = c.iso3 in {"ISL", "MLT"} and year < 2010
            found[c.iso3, year] = 0.0 if zero else round(share / 100 * gdp()[c.iso3, year] / 1e9, 6)
    return found


@lru_cache(maxsize=1)
def basel_reporting() -> dict[tuple[str, int], float]:
    """Per cent of the reports due under the Basel Convention that were sent; parties only."""
    steps = (33.33, 50.0, 66.67, 83.33, 100.0)
    return {
        (c.iso3, year): steps[int(draw(c.iso3, "basel", str(year)).random() * len(steps))]
        for c in countries()
        if c.iso3 not in NOT_BASEL_PARTY
        for year in (2015, 2020)
    }


@lru_cache(maxsize=1)
def circular_use() -> dict[tuple[str, int], float]:
    """Circular material use rate, per cent, of the EU members from 2010."""
    found = {}
    for c in countries():
        if not c.is_eu27:
            continue
        level = 3 + 7 * draw(c.iso3, "circular level").random()
        drift = pick((-0.0333, 0.0333, 0.0433), c.iso3, "circular drift")  # far off: one decimal is shown
        for year, value in path(level, drift, NOISE, c.iso3, "circular").items():
            if year >= 2010:
                found[c.iso3, year] = value
    return found


def as_text(value: float) -> str:
    """A number without exponent and without needless zeros."""
    return f"{value:.6f}".rstrip("0").rstrip(".")
