"""Are the areas of a table known to us, and does each area go by one code?

What belongs here: the code lists of reference/area_codes.csv as the connectors need them. What does not:
harmonising rows (dbt), names for readers. A table with an area nobody knows is refused before it becomes a
vintage: one new code then stops one data set, and not the build of every other one.
"""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path

import polars as pl

from connectors.errors import quote
from connectors.protocols.base import Fail

_REFERENCE = Path(__file__).parent / "reference"
# Two codes of one area. A table that holds both counts the country twice, or holds two vintages at once.
TWINS = (("EL", "GR"), ("UK", "GB"), ("XK", "XKX"), ("ROU", "ROM"))
SHOWN = 10


@lru_cache(maxsize=1)
def _lists() -> dict[str, dict[str, str]]:
    lists: dict[str, dict[str, str]] = {}
    with (_REFERENCE / "area_codes.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            lists.setdefault(row["code_list"], {})[row["code"]] = row["ref_area"]
    return lists


@lru_cache(maxsize=1)
def _list_of_provider() -> dict[str, str]:
    with (_REFERENCE / "provider_code_lists.csv").open(encoding="utf-8", newline="") as file:
        return {row["provider"]: row["code_list"] for row in csv.DictReader(file)}


def known_areas(provider: str) -> dict[str, str]:
    """The provider's code -> our code, of every area of its code list. KeyError for an unknown provider."""
    return _lists()[_list_of_provider()[provider]]


def name_areas(provider: str, codes: list[str]) -> list[str]:
    """Our codes for the provider's, in order, each once; a code nobody knows stays as it is."""
    known = known_areas(provider)
    return sorted({known.get(code, code) for code in codes})


def check_areas(table: pl.DataFrame, provider: str, fail: Fail) -> None:
    """Refuse an unknown area (S01) and two codes for one area (S02)."""
    codes = table.select(pl.col("ref_area").cast(pl.String)).group_by("ref_area").len().sort("ref_area")
    found = set(codes["ref_area"])
    for pair in TWINS:
        if set(pair) <= found:
            fail(
                f"uses both {pair[0]} and {pair[1]} for one area",
                "find out which rows stand; a country must not be counted twice",
                field="ref_area",
                value=" ".join(pair),
                fault="S02",
            )
    unknown = codes.filter(~pl.col("ref_area").is_in(list(known_areas(provider))))
    if unknown.height:
        shown = ", ".join(f"{quote(code)} in {rows} rows" for code, rows in unknown.head(SHOWN).iter_rows())
        fail(
            f"uses {unknown.height} unknown area codes: {shown}",
            "add the code to reference/area_codes.csv, with its source; no row is dropped meanwhile",
            field="ref_area",
            value=" ".join(unknown["ref_area"].head(SHOWN)),
            fault="S01",
        )
