"""Invented figures for the declared data sets without a hand-made body: areas, codes, years, values, flags.

What belongs here: what is drawn for a data set about which `shapes.yaml` says nothing, or only which codes,
areas and levels it has. What does not: related amounts (world.py, quantities.py), wire formats
(declared_bodies.py).

A declaration alone is enough: a data set without an entry in `shapes.yaml` gets one code in each dimension.
Only + - * / and round are used, as in world.py.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

from connectors.sample import world
from connectors.sample.related import draw_related
from connectors.sample.shapes import DEFAULT_CODE, KNOWN_CODES, Cell, Shape, shapes
from connectors.spec import DatasetSpec

FIRST_YEAR = 2014
GAP_SHARE = 0.15
_SHARES = ("PERCENT", "PC", "PC_", "PT_", "%")
_PER_PERSON = ("_HAB", "_PS", "PCAP", "KG_PER", "_PER_CAP")


def draw_declared(
    spec: DatasetSpec,
    part: str,
    dimensions: tuple[str, ...],
    units: tuple[str, ...],
    vintage: int,
    areas: str,
) -> list[Cell]:
    """The cells of one part as its declaration would have them: its years, and totals that are sums.

    `dimensions` and `units` are those the wire format has as columns; `areas` is where the provider has data
    when the shape does not say.
    """
    name = f"unsd/{part}" if part != "all" else spec.key
    shape = shapes().get(name, Shape())
    if shape.cells:
        return list(draw_related(spec, part, shape, dimensions, vintage, areas))
    shaped = shape.dimensions
    codes: dict[str, tuple[str, ...]] = {}
    if spec.measures and spec.measures.dimension not in shaped:
        codes[spec.measures.dimension] = tuple(sorted(spec.measures.units))
    sums = [one for one in spec.sums if one.part == part and one.dimension in dimensions]
    for one in sums:
        listed = shaped.get(one.dimension, one.addends)
        codes[one.dimension] = tuple(code for code in listed if code != one.total)
    rhythm = spec.rhythm.get(part)
    cells = [
        cell
        for cell in draw_cells(name, dimensions, units, vintage, areas, codes)
        if rhythm is None or rhythm.has(cell.year)
    ]
    for one in sums:
        cells += _add_up(cells, dimensions.index(one.dimension), one.total, set(one.addends))
    return cells


def draw_cells(
    name: str,
    dimensions: tuple[str, ...],
    units: tuple[str, ...],
    vintage: int,
    areas: str = "all",
    codes: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
) -> Iterator[Cell]:
    """Every cell of `<provider>/<data set or series>`, in a fixed order: code, unit, area, year.

    `codes` are those of dimensions about which the declaration says more than the shape.
    """
    shape = shapes().get(name, Shape())
    known = {**KNOWN_CODES, **shape.dimensions, **codes}
    listed = [known.get(dimension, (DEFAULT_CODE,)) for dimension in dimensions]
    for combination in itertools.product(*listed):
        for unit in units:
            for country, region in _areas(name, shape.areas or areas):
                yield from _course(name, shape, combination, unit, country, region, vintage)


def _add_up(cells: list[Cell], place: int, total: str, addends: set[str]) -> list[Cell]:
    """The total wherever every addend is there."""
    found: dict[tuple[object, ...], list[Cell]] = {}
    for cell in cells:
        if cell.codes[place] in addends:
            codes = (*cell.codes[:place], total, *cell.codes[place + 1 :])
            found.setdefault((codes, cell.unit, cell.country, cell.region, cell.year), []).append(cell)
    return [
        replace(
            group[0],
            codes=(*group[0].codes[:place], total, *group[0].codes[place + 1 :]),
            value=round(sum(cell.value for cell in group), 2),
        )
        for group in found.values()
        if len(group) == len(addends)
    ]


def _areas(name: str, areas: str) -> Iterator[tuple[world.Country | None, str]]:
    if areas == "regions":
        yield from ((None, region) for region in ("1", "150"))
        return
    for c in world.countries():
        covered = areas == "all" or (areas == "europe" and c.iso3 in world.EUROSTAT_AREAS)
        reports = c.iso3 not in world.MICROSTATES and world.draw(name, c.iso3, "reports").random() > 0.1
        if c.is_eu27 or (covered and reports):
            yield c, ""


def _course(
    name: str,
    shape: Shape,
    codes: tuple[str, ...],
    unit: str,
    country: world.Country | None,
    region: str,
    vintage: int,
) -> Iterator[Cell]:
    """One area's values, year by year, with gaps."""
    seed = (name, *codes, unit, country.iso3 if country else region)
    kind = shape.kind or _kind(unit)
    start = (shape.level or {"share": 25.0, "score": 3.0}.get(kind, 300.0)) * (
        0.5 + world.draw(*seed, "level").random()
    )
    drift = world.pick((-0.0233, -0.0083, 0.0117, 0.0217), *seed, "drift")
    for year, value in world.path(start, drift, world.NOISE, *seed).items():
        if year < FIRST_YEAR or year > world.LAST_YEAR[vintage]:
            continue
        chance = world.draw(*seed, "cell", str(year))
        if year in world.GAP_YEARS and chance.random() < GAP_SHARE:
            continue
        provisional = bool(
            country and year == world.LAST_YEAR[vintage] and world.is_provisional(country.iso3)
        )
        estimated = not provisional and chance.random() < 0.05
        yield Cell(
            country, region, codes, unit, year, _scaled(value, kind, country, year), estimated, provisional
        )


def _kind(unit: str) -> str:
    if unit in _SHARES or unit.startswith(_SHARES[2:]):
        return "share"
    return "per_person" if any(word in unit for word in _PER_PERSON) else "total"


def _scaled(value: float, kind: str, country: world.Country | None, year: int) -> float:
    if kind == "total":
        millions = world.population()[country.iso3, year] / 1e6 if country else 500.0
        return float(round(value * millions, 2))
    return float(round(min(value, 99.0) if kind == "share" else value, 2))
