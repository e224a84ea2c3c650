"""The sample's bodies, byte for byte as each provider would write them.

What belongs here: wire formats and flags. What does not: figures (world.py), HTTP (adapter.py).
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from functools import lru_cache

from connectors.sample import world

UNSD_RELEASE = {1: "2025.Q1.G.01", 2: "2026.Q1.G.01"}
# The first vintage is older than 27 January 2025, so it uses Eurostat's old letters.
EUROSTAT_UPDATE = {1: "10/12/24 23:00:00", 2: "10/12/25 23:00:00"}
WORLD_BANK_UPDATE = {1: "2025-01-28", 2: "2026-01-28"}
MARK = "Invented figure of the illustrative sample"

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
EUROSTAT = {
    "CEI_SRM030": ("freq", "unit", "geo"),
    "CEI_WM011": ("freq", "wst_oper", "unit", "geo"),
    "CEI_PC031": ("freq", "wst_oper", "unit", "geo"),
    "ENV_WASMUN": ("freq", "wst_oper", "unit", "geo"),
}
WORLD_BANK = {"SP.POP.TOTL": "Population, total", "NY.GDP.MKTP.CD": "GDP (current US$)"}

_UNSD_HEAD = [
    *("Goal", "Target", "Indicator", "SeriesCode", "SeriesDescription", "GeoAreaCode", "GeoAreaName"),
    *("TimePeriod", "Value", "Time_Detail", "TimeCoverage", "UpperBound", "LowerBound", "BasePeriod"),
    *("Source", "GeoInfoUrl", "FootNote"),
]
# (area, name, year, value, unit, nature, status, product)
_UnsdRow = tuple[str, str, int, str, str, str, str, str]
# (dimension codes without geo, geo, year, value, flags, confidentiality)
_EurostatRow = tuple[tuple[str, ...], str, int, str, str, str]
_EUROSTAT_AREAS = frozenset({"CHE", "ISL", "NOR", "ALB", "BIH", "MNE", "MKD", "SRB", "TUR", "GBR"})


# ---- UNSD


def unsd_series_list(vintage: int) -> bytes:
    """The body of Series/List."""
    listed = [
        {
            "goal": goal.split(";"),
            "target": target.split(";"),
            "indicator": indicator.split(";"),
            "release": UNSD_RELEASE[vintage],
            "code": code,
            "description": title,
            "uri": f"/v1/sdg/Series/{code}",
        }
        for code, (goal, target, indicator, title) in SERIES.items()
    ]
    return json.dumps(listed, separators=(",", ":")).encode()


@lru_cache(maxsize=32)
def unsd_csv(series: str, vintage: int) -> bytes:
    """The body of DataCSV, padded with NUL bytes to a power of two as the service does."""
    material, status = series.startswith("EN_MAT"), series.startswith(("EN_", "ER_"))
    head = [*_UNSD_HEAD, "[Nature]", *["[Observation Status]"] * status, "[Units]", "[Reporting Type]"]
    head += ["[Type of product]"] * material
    rows = _unsd_rows(series, vintage)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head)
    for area, name, year, value, unit, nature, flag, product in rows:
        line = [*SERIES[series][:3], series, SERIES[series][3], area, name, str(year), value]
        line += [*[""] * 7, MARK, nature, *[flag] * status, unit, "G", *[product] * material]
        writer.writerow(line)
    body = out.getvalue().encode()
    return body + b"\0" * ((1 << len(body).bit_length()) - len(body))


def _unsd_rows(series: str, vintage: int) -> Iterator[_UnsdRow]:
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
                yield c.m49, c.name, year, _text(values[c.iso3, year]), unit, nature, flag, ""
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


def _material_rows(per_head: bool, vintage: int) -> Iterator[_UnsdRow]:
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
                yield c.m49, c.name, year, _text(value if per_head else tonnes), "TONNES", "E", flag, product
    for (region, product, year), tonnes in sums.items():
        # The rest of the world is one invented block of people and material.
        tonnes, persons = (
            (tonnes * 3.2, heads["1", year] * 4.6) if region == "1" else (tonnes, heads[region, year])
        )
        value = round(tonnes / persons, 5) if per_head else round(tonnes, 5)
        name = "World" if region == "1" else "Europe"
        yield region, name, year, _text(value), "TONNES", "N", "A", product


def _mean_rows(values: dict[tuple[str, int], float], unit: str) -> Iterator[_UnsdRow]:
    """Unweighted means over parties: Europe as it is, the World a little lower."""
    for year in sorted({year for _, year in values}):
        europe = [values[c.iso3, year] for c in world.countries() if c.in_europe and (c.iso3, year) in values]
        mean = sum(europe) / len(europe)
        yield "1", "World", year, _text(round(mean * 0.9, 2)), unit, "C", "", ""
        yield "150", "Europe", year, _text(round(mean, 2)), unit, "C", "", ""


# ---- Eurostat


@lru_cache(maxsize=16)
def eurostat_csv(code: str, vintage: int) -> bytes:
    """The SDMX-CSV of a whole data set; from 2025 on with a column CONF_STATUS and the new letters."""
    new = vintage == 2
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    dims = EUROSTAT[code]
    writer.writerow(
        ["DATAFLOW", "LAST UPDATE", *dims, "TIME_PERIOD", "OBS_VALUE", "OBS_FLAG", *["CONF_STATUS"] * new]
    )
    for codes, geo, year, value, flags, conf in sorted(_eurostat_rows(code, vintage)):
        if not new:
            flags, conf = flags.replace("i", "s") + ("c" if conf == "C" else ""), ""
        line = [f"ESTAT:{code}(1.0)", EUROSTAT_UPDATE[vintage], *codes, geo, year, value, flags]
        writer.writerow(line + [conf] * new)
    return out.getvalue().encode()


def _eurostat_rows(code: str, vintage: int) -> Iterator[_EurostatRow]:
    if code == "CEI_SRM030":
        yield from _circular_rows(vintage)
        return
    waste, people = world.municipal_waste(vintage), world.population()
    reporters = [c for c in world.countries() if c.is_eu27 or c.iso3 in _EUROSTAT_AREAS]
    union: dict[int, list[float]] = {}
    for c in reporters:
        for year in world.years(vintage):
            found = waste.get((c.iso3, year))
            if found is None:
                if (c.iso3, year) == (world.CONFIDENTIAL_AREA, world.CONFIDENTIAL_YEAR):
                    yield from (
                        row[:3] + ("", "", "C") for row in _waste_cells(code, c.geo, year, 0, 0, 1, "")
                    )
                continue
            if c.is_eu27:
                sums = union.setdefault(year, [0.0, 0.0, 0.0])
                for index, amount in enumerate((*found, float(people[c.iso3, year]))):
                    sums[index] += amount
            yield from _waste_cells(
                code, c.geo, year, *found, people[c.iso3, year], _flags(c.iso3, year, vintage)
            )
    for year, (generated, recycled, persons) in union.items():
        yield from _waste_cells(code, "EU27_2020", year, generated, recycled, persons, "i")
    yield from _kosovo_rows(code, vintage)


def _kosovo_rows(code: str, vintage: int) -> Iterator[_EurostatRow]:
    """Kosovo (under UNSCR 1244) stands in the provider's table, outside the 56 and every total."""
    for year in world.years(vintage):
        if year >= 2016:
            generated = float(round(world.KOSOVO_POPULATION * (230 + 3 * (year - 2016)) / 1000))
            yield from _waste_cells(
                code, "XK", year, generated, generated * 0.01, world.KOSOVO_POPULATION, "e"
            )


def _flags(iso3: str, year: int, vintage: int) -> str:
    if (iso3, year) == (world.BREAK_AREA, world.BREAK_YEAR):
        return "b"
    if (iso3, year) == ("FRA", 2005):
        return "be"
    if year == world.LAST_YEAR[vintage] and world.is_provisional(iso3):
        return "ep" if iso3 == "BEL" else "p"
    return "e" if world.draw(iso3, "estimated", "EN_MWT", str(year)).random() < 0.05 else ""


def _waste_cells(
    code: str, geo: str, year: int, generated: float, recycled: float, persons: float, flags: str
) -> Iterator[_EurostatRow]:
    """The cells of one area and year in one of the municipal-waste tables."""
    if code == "CEI_PC031":
        yield ("A", "GEN", "KG_HAB"), geo, year, _text(round(generated * 1000 / persons)), flags, ""
    elif code == "CEI_WM011":
        rate = round(100 * recycled / generated, 1) if generated else 0.0
        yield ("A", "RCY", "PC"), geo, year, _text(rate), flags, ""
    else:
        landfilled = (generated - recycled) * 0.7
        for operation, tonnes in (("GEN", generated), ("RCY", recycled), ("DSP_L_OTH", landfilled)):
            yield ("A", operation, "THS_T"), geo, year, _text(round(tonnes / 1000, 2)), flags, ""
            yield ("A", operation, "KG_HAB"), geo, year, _text(round(tonnes * 1000 / persons)), flags, ""


def _circular_rows(vintage: int) -> Iterator[_EurostatRow]:
    rates, people = world.circular_use(), world.population()
    dmc = world.materials(1)  # weights only; the revision of one country does not reach this table
    for year in world.years(vintage):
        members = [c for c in world.countries() if (c.iso3, year) in rates]
        for c in members:
            yield ("A", "PC"), c.geo, year, _text(round(rates[c.iso3, year], 1)), "", ""
        weights = {c.iso3: dmc[c.iso3, year] * people[c.iso3, year] for c in members}
        if members:
            total = sum(rates[iso3, year] * weight for iso3, weight in weights.items())
            flag = "i" if year == world.LAST_YEAR[vintage] else ""
            yield ("A", "PC"), "EU27_2020", year, _text(round(total / sum(weights.values()), 1)), flag, ""


# ---- World Bank


@lru_cache(maxsize=4)
def world_bank_rows(code: str, vintage: int) -> tuple[dict[str, object], ...]:
    """Every row of an indicator, newest year first in each area; gaps are rows with null."""
    areas = [(c.iso3, c.iso2, c.name, [c.iso3]) for c in world.countries()]
    everyone = [c.iso3 for c in world.countries()]
    union = [c.iso3 for c in world.countries() if c.is_eu27]
    areas += [("EUU", "EU", "European Union", union), ("ECS", "Z7", "Europe & Central Asia", everyone)]
    areas += [("WLD", "1W", "World", everyone), ("XKX", "XK", "Kosovo", [])]
    return tuple(
        {
            "indicator": {"id": code, "value": WORLD_BANK[code]},
            "country": {"id": iso2, "value": name},
            "countryiso3code": iso3,
            "date": str(year),
            "value": _world_bank_value(code, iso3, members, year),
            "unit": "",
            "obs_status": "",
            "decimal": 0,
        }
        for iso3, iso2, name, members in areas
        for year in reversed(world.years(vintage))
    )


def _world_bank_value(code: str, iso3: str, members: list[str], year: int) -> float | int | None:
    people, gdp = world.population(), world.gdp()
    if iso3 == "XKX":
        return world.KOSOVO_POPULATION if code == "SP.POP.TOTL" else world.KOSOVO_POPULATION * 4000
    factor = 5 if iso3 == "WLD" else 1
    if code == "SP.POP.TOTL":
        return factor * sum(people[member, year] for member in members)
    known = [gdp[member, year] for member in members if (member, year) in gdp]
    return round(factor * sum(known), 2) if known else None


def world_bank_page(code: str, vintage: int, page: int, per_page: int) -> bytes:
    """One page; an unknown code or page number gives the provider's error with status 200."""
    if code not in WORLD_BANK or page < 1 or per_page < 1:
        message = {"id": "120", "key": "Invalid value", "value": "The provided parameter value is not valid"}
        return json.dumps([{"message": [message]}], separators=(",", ":")).encode()
    rows = world_bank_rows(code, vintage)
    head = {
        "page": page,
        "pages": -(-len(rows) // per_page),
        "per_page": per_page,
        "total": len(rows),
        "sourceid": "2",
        "sourcename": MARK,
        "lastupdated": WORLD_BANK_UPDATE[vintage],
    }
    shown = rows[(page - 1) * per_page : page * per_page]
    return json.dumps([head, shown], separators=(",", ":"), ensure_ascii=False).encode()


def _text(value: float) -> str:
    """A number without exponent and without needless zeros."""
    return f"{value:.6f}".rstrip("0").rstrip(".")
