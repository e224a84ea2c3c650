"""The related amounts of the invented world: what a country has of each thing in a year.

What belongs here: drawing the amounts of `quantities.yaml` from their parents, so that a total, its parts,
the same per person and the same as a share agree wherever they are shown. What does not: which data set shows
which amount (shapes.yaml, related.py), the amounts of world.py from which all others come, wire formats.

Only + - * / and round are used, as in world.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from connectors.sample import world

FILE = Path(__file__).with_name("quantities.yaml")
PRICE_YEAR = 2015
_PRICE_RISE = 0.015
Amounts = Mapping[tuple[str, int], float]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Quantity(_Frozen):
    """One amount: `level` times its parent `of`, give or take `spread` between countries.

    The ratio moves by one of `drifts` a year, with `noise`; it stays at or below `most`. `among`: each year
    one of these times the parent instead. `less`: the parent without these. `parts`: the sum of these.
    `zero_in`: countries that have nothing of it. `breaks`: the year from which a country counts it
    differently. `whole`: a number of things. `reported_with`: the amount whose gaps it has, if no ancestor of
    its own.
    """

    of: str = ""
    level: Annotated[float, Field(gt=0)] = 1.0
    spread: Annotated[float, Field(ge=0, lt=1)] = 0.35
    drifts: Annotated[tuple[float, ...], Field(min_length=1)] = (-0.0233, -0.0133, 0.0117, 0.0167)
    noise: Annotated[float, Field(ge=0, lt=1)] = world.NOISE
    most: float | None = None
    among: tuple[float, ...] = ()
    less: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    zero_in: tuple[str, ...] = ()
    breaks: dict[str, int] = {}
    whole: bool = False
    reported_with: str = ""

    @model_validator(mode="after")
    def _has_one_origin(self) -> Quantity:
        if bool(self.of) == bool(self.parts):
            raise ValueError("a quantity comes of another one, or is the sum of its parts")
        return self


class Unit(_Frozen):
    """How a unit shows an amount: times `factor`, over `per`, as an index with 100 in the year `base`."""

    factor: float = 1.0
    per: str = ""
    base: int | None = None
    decimals: int = 2


class _File(_Frozen):
    units: dict[str, Unit]
    quantities: dict[str, Quantity]


@lru_cache(maxsize=1)
def declared() -> _File:
    """quantities.yaml, checked."""
    return _File.model_validate(yaml.safe_load(FILE.read_text(encoding="utf-8")))


@lru_cache(maxsize=256)
def amounts(name: str, vintage: int) -> Amounts:
    """An amount by country and year; it lacks what its parent lacks. Raises KeyError for an unknown name."""
    given = _given(name, vintage)
    if given is not None:
        return given
    quantity = declared().quantities[name]
    if quantity.parts:
        return _sum([amounts(part, vintage) for part in quantity.parts])
    parent = amounts(quantity.of, vintage)
    if quantity.less:
        taken = _sum([amounts(part, vintage) for part in quantity.less])
        return {cell: value - taken[cell] for cell, value in parent.items() if cell in taken}
    ratios = {c.iso3: _ratios(name, quantity, c.iso3) for c in world.countries()}
    found = {cell: value * ratios[cell[0]][cell[1]] for cell, value in parent.items()}
    return {cell: float(round(value)) for cell, value in found.items()} if quantity.whole else found


def root(name: str) -> str:
    """The amount which decides where `name` is reported: its last ancestor that is not about everybody."""
    quantity = declared().quantities.get(name)
    if quantity is None:
        return "materials" if name in _MATERIALS else name.removesuffix("_recycled")
    parent = quantity.reported_with or quantity.of or quantity.parts[0]
    return root(parent) if parent not in _BASES else name


def has_break(name: str, iso3: str, year: int) -> bool:
    """Whether a country changed in this year how it counts this amount, or one it comes of."""
    quantity = declared().quantities.get(name)
    if quantity is None:
        return False
    return quantity.breaks.get(iso3) == year or any(
        has_break(parent, iso3, year) for parent in (quantity.of, *quantity.parts) if parent
    )


def show(expression: str, unit: str, members: Iterable[str], year: int, vintage: int) -> float | None:
    """`a` or `a / b` of some countries together, in a unit; None where none of them has it.

    Raises KeyError for a unit that quantities.yaml does not tell.
    """
    how, countries = declared().units[unit], tuple(members)
    value = _ratio(expression, how, countries, year, vintage)
    if value is None:
        return None
    if how.base is not None:
        base = _ratio(expression, how, countries, how.base, vintage)
        value = 100 * value / base if base else None
    return None if value is None else float(round(value * how.factor, how.decimals))


def _ratio(expression: str, how: Unit, members: tuple[str, ...], year: int, vintage: int) -> float | None:
    top, _, bottom = (side.strip() for side in expression.partition("/"))
    bottom = bottom or how.per
    above = amounts(top, vintage)
    below = amounts(bottom, vintage) if bottom else None
    both = [iso3 for iso3 in members if (iso3, year) in above and (below is None or (iso3, year) in below)]
    if not both:
        return None
    total = sum(above[iso3, year] for iso3 in both)
    if below is None:
        return total
    whole = sum(below[iso3, year] for iso3 in both)
    return total / whole if whole else None


def _ratios(name: str, quantity: Quantity, iso3: str) -> dict[int, float]:
    """How much of its parent a country has, year by year."""
    if iso3 in quantity.zero_in:
        return dict.fromkeys(_all_years(), 0.0)
    if quantity.among:
        return {year: world.pick(quantity.among, name, iso3, str(year)) for year in _all_years()}
    place = 2 * world.draw(name, iso3, "level").random() - 1
    start = quantity.level * (1 + quantity.spread * place)
    drift = world.pick(quantity.drifts, name, iso3, "drift")
    changed = quantity.breaks.get(iso3, max(_all_years()) + 1)
    course = world.path(start, drift, quantity.noise, name, iso3).items()
    found = {year: value * (1.12 if year >= changed else 1.0) for year, value in course}
    return found if quantity.most is None else {year: min(v, quantity.most) for year, v in found.items()}


def _sum(several: list[Amounts]) -> Amounts:
    first, *others = several
    return {
        cell: value + sum(other[cell] for other in others)
        for cell, value in first.items()
        if all(cell in other for other in others)
    }


def _all_years() -> range:
    return world.years(max(world.LAST_YEAR))


# ---- The amounts of world.py

_BASES = frozenset({"country", "population", "gdp", "gdp_constant"})
_MATERIALS = {"biomass": "BIM", "fossil_fuels": "FOF", "metal_ores": "MEO"}


def _given(name: str, vintage: int) -> Amounts | None:
    """An amount drawn by world.py; None if it is declared."""
    people = world.population()
    if name == "country":
        return dict.fromkeys(people, 1.0)
    if name == "population":
        return {cell: float(persons) for cell, persons in people.items()}
    if name == "gdp":
        return world.whole_gdp()
    if name == "gdp_constant":
        return _constant_prices()
    if name in ("materials", "materials_settled"):
        # The revision of one country reaches UNSD's tables, not Eurostat's.
        per_head = world.materials(vintage if name == "materials" else 1)
        return {cell: value * people[cell] for cell, value in per_head.items()}
    if name in _MATERIALS:
        whole, product = amounts("materials", vintage), _MATERIALS[name]
        return {cell: value * world.material_shares(cell[0])[product] for cell, value in whole.items()}
    if name in ("municipal", "municipal_recycled"):
        place = ("municipal", "municipal_recycled").index(name)
        return {cell: pair[place] for cell, pair in world.municipal_waste(vintage).items()}
    if name == "hazardous":
        return world.hazardous_waste()
    return {c: billions * 1e9 for c, billions in world.subsidies().items()} if name == "subsidies" else None


@lru_cache(maxsize=1)
def _constant_prices() -> Amounts:
    """US dollars of PRICE_YEAR."""
    prices = world.path(1.0, _PRICE_RISE, 0.0, "prices")
    return {(c, year): v * prices[PRICE_YEAR] / prices[year] for (c, year), v in world.whole_gdp().items()}
