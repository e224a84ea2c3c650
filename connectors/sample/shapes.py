"""What an invented data set looks like, as `shapes.yaml` says, and the cell all invented tables are made of.

What belongs here: the fields of a shape and their checks, reading them. What does not: figures (related.py
for data sets that show related amounts, invented.py for the others), wire formats (declared_bodies.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from connectors.sample import world

FILE = Path(__file__).with_name("shapes.yaml")
DEFAULT_CODE = "TOTAL"
UNION = "EU27_2020"
# The codes of dimensions which mean the same wherever they stand.
KNOWN_CODES: dict[str, tuple[str, ...]] = {"freq": ("A",), "FREQ": ("A",), "Reporting Type": ("G",)}


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Shown(_Frozen):
    """One cell of a table: at these codes (and perhaps in this unit) it shows an amount, or a share `a / b`.

    `amount` (in the file: `is`) is shown of countries, `regions` in the rows of the World and of Europe.
    """

    at: dict[str, str] = {}
    amount: Annotated[str, Field(alias="is")] = ""
    regions: str = ""

    @model_validator(mode="after")
    def _shows_something(self) -> Shown:
        if not self.amount and not self.regions:
            raise ValueError("a cell shows an amount of countries, of regions, or both")
        return self


class Shape(_Frozen):
    """What a data set or series looks like.

    With `cells` it shows related amounts, from the year `since` on or in these `years`; `nature` E says that
    its producer estimates all of it, `one_of` that each country has one code of this dimension only. Without
    `cells`, `kind` and `level` say what its figures are like: per person for `per_person`, in a country of a
    million for `total`.
    """

    dimensions: dict[str, tuple[str, ...]] = {}
    areas: Literal["all", "europe", "eu", "union", "regions"] | None = None
    kind: Literal["share", "per_person", "total", "score"] | None = None
    level: Annotated[float, Field(gt=0)] | None = None
    cells: tuple[Shown, ...] = ()
    since: int = 2010
    years: tuple[int, ...] = ()
    nature: Literal["E"] | None = None
    one_of: str | None = None


@dataclass(frozen=True)
class Cell:
    """One observation. `country` is None in a region's row (`region`: its code as the provider writes it)."""

    country: world.Country | None
    region: str
    codes: tuple[str, ...]
    unit: str
    year: int
    value: float
    is_estimated: bool
    is_provisional: bool
    is_break: bool = False


@lru_cache(maxsize=1)
def shapes() -> dict[str, Shape]:
    """`<provider>/<data set or series>` -> shape, as written in shapes.yaml."""
    text = FILE.read_text(encoding="utf-8")
    return TypeAdapter(dict[str, Shape]).validate_python(yaml.safe_load(text) or {})


def covered(name: str, areas: str) -> list[world.Country]:
    """The countries a provider has figures of: members of the Union always, others unless they do not report.

    Outside the Union and the countries near it reporting is rarer, as the visibility index needs to see.
    """
    found = []
    for c in world.countries():
        near = c.iso3 in world.EUROSTAT_AREAS
        silent = 0.1 if near or c.gdp_per_head > 15000 else 0.3
        reports = c.iso3 not in world.MICROSTATES and world.draw(name, c.iso3, "reports").random() > silent
        if c.is_eu27 or ((areas == "all" or (areas == "europe" and near)) and reports):
            found.append(c)
    return found
