"""The sample's bodies as Eurostat and the World Bank would write them, byte for byte.

What belongs here: wire formats and flags. What does not: UNSD's bodies (unsd_bodies.py), figures
(world.py), HTTP (adapter.py).
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from connectors.sample import quantities, world
from connectors.sample.world import as_text

# The first vintage is older than 27 January 2025, so it uses Eurostat's old letters.
EUROSTAT_UPDATE = {1: "10/12/24 23:00:00", 2: "10/12/25 23:00:00"}
WORLD_BANK_UPDATE = {1: "2025-01-28", 2: "2026-01-28"}

EUROSTAT = {
    "CEI_SRM030": ("freq", "unit", "geo"),
    "CEI_WM011": ("freq", "wst_oper", "unit", "geo"),
    "CEI_PC031": ("freq", "wst_oper", "unit", "geo"),
    "ENV_WASMUN": ("freq", "wst_oper", "unit", "geo"),
}
# Operation -> the amount of quantities.py it treats; all that is generated is treated by one of them.
MUNICIPAL_OPERATIONS = {
    "GEN": "municipal",
    "RCY": "municipal_recycled",
    "DSP_L_OTH": "municipal_landfilled",
    "RCV_E": "municipal_energy",
    "DSP_I": "municipal_burnt",
}
WORLD_BANK = {"SP.POP.TOTL": "Population, total", "NY.GDP.MKTP.CD": "GDP (current US$)"}

# (dimension codes without geo, geo, year, value, flags, confidentiality)
EurostatRow = tuple[tuple[str, ...], str, int, str, str, str]


# ---- Eurostat


@lru_cache(maxsize=16)
def eurostat_csv(code: str, vintage: int) -> bytes:
    """The SDMX-CSV of a hand-made data set."""
    return render_eurostat(code, EUROSTAT[code], _eurostat_rows(code, vintage), vintage)


def render_eurostat(code: str, dims: Sequence[str], rows: Iterable[EurostatRow], vintage: int) -> bytes:
    """SDMX-CSV with these rows; from 2025 on with a column CONF_STATUS and the new letters. `dims` ends with
    geo.
    """
    new = vintage == 2
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(
        ["DATAFLOW", "LAST UPDATE", *dims, "TIME_PERIOD", "OBS_VALUE", "OBS_FLAG", *["CONF_STATUS"] * new]
    )
    for codes, geo, year, value, flags, conf in sorted(rows):
        if not new:
            flags, conf = flags.replace("i", "s") + ("c" if conf == "C" else ""), ""
        line = [f"ESTAT:{code}(1.0)", EUROSTAT_UPDATE[vintage], *codes, geo, year, value, flags]
        writer.writerow(line + [conf] * new)
    return out.getvalue().encode()


def _eurostat_rows(code: str, vintage: int) -> Iterator[EurostatRow]:
    if code == "CEI_SRM030":
        yield from _circular_rows(vintage)
        return
    people = world.population()
    waste = {operation: quantities.amounts(name, vintage) for operation, name in MUNICIPAL_OPERATIONS.items()}
    reporters = [c for c in world.countries() if c.is_eu27 or c.iso3 in world.EUROSTAT_AREAS]
    union: dict[int, dict[str, float]] = {}
    for c in reporters:
        for year in world.years(vintage):
            cell = (c.iso3, year)
            if cell not in waste["GEN"]:
                if cell == (world.CONFIDENTIAL_AREA, world.CONFIDENTIAL_YEAR):
                    hidden = dict.fromkeys(waste, 0.0) | {"persons": 1.0}
                    yield from (
                        row[:3] + ("", "", "C") for row in _waste_cells(code, c.geo, year, hidden, "")
                    )
                continue
            found = {operation: tonnes[cell] for operation, tonnes in waste.items()}
            found["persons"] = float(people[cell])
            if c.is_eu27:
                sums = union.setdefault(year, dict.fromkeys(found, 0.0))
                for name, amount in found.items():
                    sums[name] += amount
            yield from _waste_cells(code, c.geo, year, found, _flags(c.iso3, year, vintage))
    for year, sums in union.items():
        yield from _waste_cells(code, "EU27_2020", year, sums, "i")
    yield from _kosovo_rows(code, vintage)


def _kosovo_rows(code: str, vintage: int) -> Iterator[EurostatRow]:
    """Kosovo (under UNSCR 1244) stands in the provider's table, outside the 56 and every total."""
    for year in world.years(vintage):
        if year >= 2016:
            generated = float(round(world.KOSOVO_POPULATION * (230 + 3 * (year - 2016)) / 1000))
            shares = {"GEN": 1.0, "RCY": 0.01, "DSP_L_OTH": 0.99, "RCV_E": 0.0, "DSP_I": 0.0}
            found = {operation: generated * share for operation, share in shares.items()}
            found["persons"] = float(world.KOSOVO_POPULATION)
            yield from _waste_cells(code, "XK", year, found, "e")


def _flags(iso3: str, year: int, vintage: int) -> str:
    if (iso3, year) == (world.BREAK_AREA, world.BREAK_YEAR):
        return "b"
    if (iso3, year) == ("FRA", 2005):
        return "be"
    if year == world.LAST_YEAR[vintage] and world.is_provisional(iso3):
        return "ep" if iso3 == "BEL" else "p"
    return "e" if world.draw(iso3, "estimated", "EN_MWT", str(year)).random() < 0.05 else ""


def _waste_cells(
    code: str, geo: str, year: int, found: Mapping[str, float], flags: str
) -> Iterator[EurostatRow]:
    """One area and year in one of the municipal-waste tables, from tonnes by operation and persons."""
    persons, generated = found["persons"], found["GEN"]
    if code == "CEI_PC031":
        yield ("A", "GEN", "KG_HAB"), geo, year, as_text(round(generated * 1000 / persons)), flags, ""
    elif code == "CEI_WM011":
        rate = round(100 * found["RCY"] / generated, 1) if generated else 0.0
        yield ("A", "RCY", "PC"), geo, year, as_text(rate), flags, ""
    else:
        treated = sum(found[operation] for operation in MUNICIPAL_OPERATIONS if operation != "GEN")
        tonnes = {operation: found[operation] for operation in MUNICIPAL_OPERATIONS} | {"TRT": treated}
        for operation, amount in tonnes.items():
            yield ("A", operation, "THS_T"), geo, year, as_text(round(amount / 1000, 2)), flags, ""
            yield ("A", operation, "KG_HAB"), geo, year, as_text(round(amount * 1000 / persons)), flags, ""


def _circular_rows(vintage: int) -> Iterator[EurostatRow]:
    rates, people = world.circular_use(), world.population()
    dmc = world.materials(1)  # weights only; the revision of one country does not reach this table
    for year in world.years(vintage):
        members = [c for c in world.countries() if (c.iso3, year) in rates]
        for c in members:
            yield ("A", "PC"), c.geo, year, as_text(round(rates[c.iso3, year], 1)), "", ""
        weights = {c.iso3: dmc[c.iso3, year] * people[c.iso3, year] for c in members}
        if members:
            total = sum(rates[iso3, year] * weight for iso3, weight in weights.items())
            flag = "i" if year == world.LAST_YEAR[vintage] else ""
            yield ("A", "PC"), "EU27_2020", year, as_text(round(total / sum(weights.values()), 1)), flag, ""


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
        world_bank_row(
            code, WORLD_BANK[code], (iso3, iso2, name), year, _world_bank_value(code, iso3, members, year)
        )
        for iso3, iso2, name, members in areas
        for year in reversed(world.years(vintage))
    )


def world_bank_row(
    code: str, title: str, area: tuple[str, str, str], year: int, value: float | None
) -> dict[str, object]:
    """One row as the API writes it; `area` is its code of three letters, of two, and its name."""
    iso3, iso2, name = area
    return {
        "indicator": {"id": code, "value": title},
        "country": {"id": iso2, "value": name},
        "countryiso3code": iso3,
        "date": str(year),
        "value": value,
        "unit": "",
        "obs_status": "",
        "decimal": 0,
    }


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
    return render_world_bank(world_bank_rows(code, vintage), vintage, page, per_page)


def render_world_bank(rows: Sequence[dict[str, object]], vintage: int, page: int, per_page: int) -> bytes:
    """One page of these rows behind its head."""
    head = {
        "page": page,
        "pages": -(-len(rows) // per_page),
        "per_page": per_page,
        "total": len(rows),
        "sourceid": "2",
        "sourcename": world.MARK,
        "lastupdated": WORLD_BANK_UPDATE[vintage],
    }
    shown = rows[(page - 1) * per_page : page * per_page]
    return json.dumps([head, shown], separators=(",", ":"), ensure_ascii=False).encode()
