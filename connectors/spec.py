"""The declaration of a data set, typed: what `datasets/<provider>/<dataset>.yaml` may say.

What belongs here: the fields of a declaration and their checks. What does not: finding declarations
(registry.py), or acting on them (refresh.py, protocols/).
"""

from __future__ import annotations

import hashlib
import json
import re
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

# Codes become file names, URLs and SQL parameters: this is the only alphabet they may use.
CODE_PATTERN = r"^[A-Za-z0-9_][A-Za-z0-9._@-]{0,63}$"
Code = Annotated[str, Field(pattern=CODE_PATTERN)]
Text = Annotated[str, Field(min_length=1)]
_SERIES_ARE_PARTS = frozenset({"unsd_sdg", "unsd_json", "unsd_sdmx"})


# What a declaration says about its data set without changing a byte of it.
WORDS = frozenset({"title", "licence", "citation", "version_marker", "freshness", "owner"})


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Licence(_Frozen):
    """Terms of use. `reviewed` is the day a person last read the provider's page (null: nobody has yet)."""

    name: Text
    url: Annotated[str, Field(pattern=r"^https://\S+$")]
    rows_may_appear: bool
    reviewed: date | None


class Freshness(_Frozen):
    """How often the producer publishes."""

    expected_every_days: Annotated[int, Field(gt=0)]
    note: Text


class Measures(_Frozen):
    """The units of a data set without a unit dimension: one for each code of `dimension`, no default."""

    dimension: Text
    units: Annotated[dict[Code, Text], Field(min_length=1)]


class Dataflow(_Frozen):
    """Who maintains an SDMX dataflow, and which version of it is read. Its id is the declaration's `code`."""

    agency: Code
    version: Code


class PxTable(_Frozen):
    """Where a PxWeb table lies (its file is the declaration's `code`) and which variables are area and year.

    `select` names the values wanted of a variable; of any other variable all values are.
    """

    folder: Annotated[tuple[Code, ...], Field(min_length=1)]
    area: Text
    time: Text
    select: dict[Text, tuple[Text, ...]] = {}


class SdmxNames(_Frozen):
    """How UNSD's SDMX route names what its other routes name differently.

    `dimensions` maps a column to our dimension, `codes` the codes of a column to ours: a code without an
    entry fails the part.
    """

    dimensions: dict[Code, Text]
    codes: dict[Code, dict[str, Text]] = {}


class Rhythm(_Frozen):
    """Which years a part has: every `every_years`, among them the year `includes`."""

    every_years: Annotated[int, Field(ge=2)]
    includes: Annotated[int, Field(ge=1950, le=2049)]

    def has(self, year: int) -> bool:
        """Whether figures are expected for this year."""
        return (year - self.includes) % self.every_years == 0


class PartsOfTotal(_Frozen):
    """Codes of one dimension that add up to another code of it.

    Rows differ from the sum by at most `tolerance` of the total. `on_failure`: a total mixed with its parts
    fails the part, unless the producer's accounts are known not to add up.
    """

    part: Code
    dimension: Text
    total: Text
    addends: Annotated[tuple[Text, ...], Field(min_length=2)]
    tolerance: Annotated[float, Field(gt=0, lt=1)]
    on_failure: Literal["fail", "warn"] = "fail"


class DatasetSpec(_Frozen):
    """One data set of one provider.

    `code` is the provider's own code (Eurostat data set, World Bank indicator); UNSD names its series in
    `parts`. A part is one line in the YAML, `<part>: [<unit code>, ...]`: a part with any other unit fails.
    Rows of the World Bank and of PxWeb carry no unit, so exactly one is declared. `query` holds extra
    parameters sent as they stand, `dimensions` the columns beyond area and year, `part_dimensions` those
    which only one part has. Where no column holds the unit, `measures` binds it to the code of one dimension.
    `price_base` gives the base year of parts in constant prices, `rhythm` the years of parts that are not
    yearly, `sums` which codes add up to which. `negative_values` says whether a value
    below zero is possible.
    """

    provider: Code
    dataset: Code
    title: Text
    protocol: Literal[
        "unsd_sdg", "unsd_json", "unsd_sdmx", "eurostat", "world_bank", "comtrade", "oecd_sdmx", "pxweb"
    ]
    units: Annotated[dict[Code, tuple[Text, ...]], Field(alias="parts", min_length=1)]
    code: Code | None = None
    dataflow: Dataflow | None = None
    table: PxTable | None = None
    sdmx_names: SdmxNames | None = None
    query: dict[str, str] = {}
    dimensions: tuple[Text, ...] = ()
    part_dimensions: dict[Code, tuple[Text, ...]] = {}
    measures: Measures | None = None
    price_base: dict[Code, Annotated[str, Field(pattern=r"^[12][0-9]{3}$")]] = {}
    rhythm: dict[Code, Rhythm] = {}
    sums: tuple[PartsOfTotal, ...] = ()
    negative_values: Literal["keep", "quarantine"]
    licence: Licence
    citation: Text
    version_marker: Text
    freshness: Freshness
    row_cap: Annotated[int, Field(gt=0)] | None = None
    first_year: Annotated[int, Field(ge=1950, le=2049)] | None = None
    owner: Text

    @model_validator(mode="after")
    def _consistent(self) -> DatasetSpec:
        if (self.protocol in _SERIES_ARE_PARTS) == (self.code is not None):
            raise ValueError("code belongs to every protocol but UNSD's, which name their series in parts")
        if self.protocol not in _SERIES_ARE_PARTS and self.parts != ("all",):
            raise ValueError("a data set fetched whole has the one part 'all'")
        if (self.protocol == "oecd_sdmx") != (self.dataflow is not None):
            raise ValueError("dataflow belongs to oecd_sdmx, and only to it")
        if (self.protocol == "pxweb") != (self.table is not None):
            raise ValueError("table belongs to pxweb, and only to it")
        if (self.protocol == "unsd_sdmx") != (self.sdmx_names is not None):
            raise ValueError("sdmx_names belongs to unsd_sdmx, and only to it")
        if self.protocol == "unsd_sdmx" and self.price_base:
            raise ValueError("SDMX titles are not read: a series in constant prices takes another route")
        named = {*self.part_dimensions, *self.price_base, *self.rhythm, *(total.part for total in self.sums)}
        if not named <= set(self.parts):
            raise ValueError("part_dimensions, price_base, rhythm or sums names a part that is not declared")
        if (self.protocol == "comtrade") != (self.first_year is not None):
            raise ValueError(
                "first_year belongs to comtrade, whose years are found from it on, and only to it"
            )
        if self.protocol == "comtrade" and not {"flowCode", "cmdCode"} <= set(self.query):
            raise ValueError("comtrade needs flowCode and cmdCode in its query")
        if self.protocol in ("world_bank", "pxweb") and len(self.units["all"]) != 1:
            raise ValueError("rows of the World Bank and of PxWeb carry no unit: declare exactly one")
        if self.protocol == "eurostat" and ("unit" in self.dimensions) == (self.measures is not None):
            raise ValueError("a Eurostat data set has either a dimension unit or measures")
        if self.measures and self.measures.dimension not in self.dimensions:
            raise ValueError("measures names a dimension that is not declared")
        if self.measures and set(self.measures.units.values()) != set(self.units["all"]):
            raise ValueError("measures gives other units than parts declares")
        if not all(self.units.values()):
            raise ValueError("each part declares at least one unit")
        if ".." in self.provider + self.dataset or any(".." in part for part in self.parts):
            raise ValueError("a code may not contain '..'")
        return self

    @property
    def parts(self) -> tuple[str, ...]:
        """What is fetched one by one: UNSD series codes, or the one part 'all'."""
        return tuple(self.units)

    @property
    def parts_are_declared(self) -> bool:
        """Whether the parts stand in the declaration, or are found when the provider is asked."""
        return self.protocol != "comtrade"

    def units_of(self, part: str) -> tuple[str, ...]:
        """The unit codes a part may have. A part found at run time has those of the declared one."""
        return self.units[part] if self.parts_are_declared else self.units["all"]

    def dimensions_of(self, part: str) -> tuple[str, ...]:
        """The dimension columns a part has: those of the data set, then its own."""
        return self.dimensions + self.part_dimensions.get(part, ())

    @property
    def key(self) -> str:
        """`<provider>/<dataset>`, the name of the data set everywhere."""
        return f"{self.provider}/{self.dataset}"

    @property
    def spec_sha256(self) -> str:
        """Hash of the declaration as read, independent of its YAML layout."""
        return self._hash(frozenset())

    @property
    def question_sha256(self) -> str:
        """Hash of what decides which bytes are asked for and how they are read: all but the words about them.

        A better citation must not cost a provider's whole data base once more.
        """
        return self._hash(WORDS)

    def _hash(self, without: frozenset[str]) -> str:
        facts = self.model_dump(mode="json", exclude=set(without))
        text = json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def is_code(text: str) -> bool:
    """Whether `text` may be used as a code: ASCII, no path parts, nothing a spreadsheet would run."""
    return re.match(CODE_PATTERN, text) is not None and not text.endswith("\n")
