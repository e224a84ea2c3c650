"""The cells of data sets that show related amounts: which countries and years, gaps, flags, rows of regions.

What belongs here: from a shape with `cells` and the amounts of quantities.py to cells. What does not: the
amounts, wire formats (declared_bodies.py).

Whether a country reports, and which years it lacks, is drawn once for all tables that show amounts of one
origin: a rate is missing where its numerator is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from connectors.sample import quantities, world
from connectors.sample.shapes import DEFAULT_CODE, KNOWN_CODES, UNION, Cell, Shape, Shown, covered
from connectors.spec import DatasetSpec

GAP_SHARE = 0.15
ESTIMATED_SHARE = 0.05
# How much more the whole world has of everything than the 56 countries.
WORLD_FACTOR = 5.0
_WORLD, _EUROPE = "1", "150"


@dataclass(frozen=True)
class _Table:
    """What all cells of a part have in common, and the codes and the unit of those being made."""

    shape: Shape
    dimensions: tuple[str, ...]
    years: tuple[int, ...]
    vintage: int
    codes: tuple[str, ...] = ()
    unit: str = ""


def draw_related(
    spec: DatasetSpec, part: str, shape: Shape, dimensions: tuple[str, ...], vintage: int, areas: str
) -> Iterator[Cell]:
    """The cells of one part: cell by cell of its shape, in each of its units.

    `dimensions` are those the wire format has as columns beside the unit; `areas` is where the provider has
    data when the shape does not say.
    """
    years = tuple(
        year
        for year in world.years(vintage)
        if (year in shape.years if shape.years else year >= shape.since)
        and (part not in spec.rhythm or spec.rhythm[part].has(year))
    )
    everyone, areas = world.countries(), shape.areas or areas
    union, europe = ([c for c in everyone if c.is_eu27], [c for c in everyone if c.in_europe])
    frame = _Table(shape, dimensions, years, vintage)
    for shown in shape.cells:
        for codes, unit in _places(spec, part, shape, shown, dimensions):
            table = replace(frame, codes=codes, unit=unit)
            if shown.amount and areas != "union":
                yield from _countries(table, shown.amount, areas)
            if shown.amount and spec.provider == "eurostat":
                yield from _group(table, UNION, union, shown.amount)
            if shown.regions:
                yield from _group(table, _WORLD, everyone, shown.regions)
                yield from _group(table, _EUROPE, europe, shown.regions)


def _places(
    spec: DatasetSpec, part: str, shape: Shape, shown: Shown, dimensions: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], str]]:
    """The codes and units of one cell of a shape."""
    if spec.measures:
        units: tuple[str, ...] = (spec.measures.units[shown.at[spec.measures.dimension]],)
    else:
        named = [shown.at[name] for name in ("unit", "UNIT_MEASURE") if name in shown.at]
        units = tuple(named) or (spec.units[part] if spec.protocol == "eurostat" else spec.units[part][:1])
    fixed = {name: codes[0] for name, codes in {**KNOWN_CODES, **shape.dimensions}.items()} | shown.at
    choices = [{shape.one_of: code} for code in shape.dimensions[shape.one_of]] if shape.one_of else [{}]
    for choice in choices:
        codes = tuple({**fixed, **choice}.get(name, DEFAULT_CODE) for name in dimensions)
        yield from ((codes, unit) for unit in units)


def _countries(table: _Table, amount: str, areas: str) -> Iterator[Cell]:
    name = amount.partition("/")[0].strip()
    origin = quantities.root(name)
    for c in covered(origin, areas):
        if not _is_own(table, c.iso3):
            continue
        for year in table.years:
            chance = world.draw(origin, c.iso3, "cell", str(year))
            is_break = quantities.has_break(name, c.iso3, year)
            if year in world.GAP_YEARS and chance.random() < GAP_SHARE and not is_break:
                continue
            value = quantities.show(amount, table.unit, [c.iso3], year, table.vintage)
            if value is None:
                continue
            provisional = year == world.LAST_YEAR[table.vintage] and world.is_provisional(c.iso3)
            estimated = table.shape.nature == "E" or (not provisional and chance.random() < ESTIMATED_SHARE)
            yield Cell(c, "", table.codes, table.unit, year, value, estimated, provisional, is_break)


def _is_own(table: _Table, iso3: str) -> bool:
    """Whether a country has figures at these codes, where each country has one code of a dimension."""
    dimension = table.shape.one_of
    if dimension is None:
        return True
    own = world.pick(table.shape.dimensions[dimension], dimension, iso3)
    return table.codes[table.dimensions.index(dimension)] == own


def _group(table: _Table, region: str, members: Sequence[world.Country], amount: str) -> Iterator[Cell]:
    """A row of several countries together, whether or not each reports: its producer estimates the rest."""
    is_total = "/" not in amount and not quantities.declared().units[table.unit].per
    factor = WORLD_FACTOR if region == _WORLD and is_total else 1.0
    codes = [c.iso3 for c in members]
    for year in table.years:
        value = quantities.show(amount, table.unit, codes, year, table.vintage)
        if value is not None:
            yield Cell(None, region, table.codes, table.unit, year, value * factor, True, False)
