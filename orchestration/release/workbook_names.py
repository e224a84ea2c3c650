"""The names in a table in the language of a workbook: areas, regions, indicators.

What belongs here: which columns hold English names alone, and their counterparts in another language.
What does not: the layout of a workbook (workbook.py), words of our own (wording.py).
A table that states its names in all three languages is the same in every workbook.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib import resources

import pyarrow as pa

from connectors.errors import CheckError
from orchestration.release.schema import Column, TableSchema
from orchestration.release.site.texts import read_texts
from orchestration.release.wording import ENGLISH

_SUFFIX = f"_{ENGLISH}"
_NAMED = {
    "area_name": ("area", "rpt_area"),
    "ref_area_name": ("ref_area", "rpt_area"),
    "name": ("ref_area", "rpt_area"),
    "region_name": ("region", "rpt_area"),
    "title": ("indicator", "rpt_indicator"),
}
"""Stem of a name column: the column of the code it names, and the table without which there are no names."""

Names = Mapping[str, Mapping[str, str]]
"""Code: name."""


@dataclass(frozen=True)
class NamesIn:
    """The names of one language, by table; a table which the release lacks is not among them."""

    language: str
    by_table: Names


def read_names(tables: Mapping[str, pa.Table], language: str) -> NamesIn:
    """The names which the tables of a release give in `language`, and our own for groups of areas."""
    found: dict[str, dict[str, str]] = {}
    if "rpt_area" in tables:
        areas = {code: str(entry[language]) for code, entry in _own_areas().items()}
        areas |= _pairs(tables, "rpt_region", "region", f"region_name_{language}")
        found["rpt_area"] = areas | _pairs(tables, "rpt_area", "ref_area", f"name_{language}")
    if "rpt_indicator" in tables:
        found["rpt_indicator"] = _pairs(tables, "rpt_indicator", "indicator", f"title_{language}")
    return NamesIn(language, found)


def localise(schema: TableSchema, table: pa.Table, names: NamesIn) -> tuple[TableSchema, pa.Table]:
    """Schema and table with each column of English names replaced by one of the names' language.

    Raises CheckError if a code which has a name in English has none in that language.
    """
    for column in localised_columns(schema) if names.language != ENGLISH else ():
        stem = column.name.removesuffix(_SUFFIX)
        code, needed = _NAMED[stem]
        if needed not in names.by_table:
            continue  # the heading still says that these names are English
        said = _translate(table, code, column.name, names.by_table[needed], names.language)
        other = replace(column, name=f"{stem}_{names.language}")
        position = table.column_names.index(column.name)
        table = table.set_column(position, other.name, said)
        columns = tuple(other if one is column else one for one in schema.columns)
        schema = replace(schema, columns=columns)
    return schema, table


def localised_columns(schema: TableSchema) -> tuple[Column, ...]:
    """The columns of English names which stand alone."""
    return tuple(
        column
        for column in schema.columns
        if column.name.endswith(_SUFFIX)
        and column.name.removesuffix(_SUFFIX) in _NAMED
        and column.name.removesuffix(_SUFFIX) + "_fr" not in schema.column_names
    )


def _translate(table: pa.Table, code: str, english: str, names: Mapping[str, str], language: str) -> pa.Array:
    codes, words = table.column(code).to_pylist(), table.column(english).to_pylist()
    for one in sorted({c for c, word in zip(codes, words, strict=True) if word is not None} - set(names)):
        raise CheckError(
            f"{one} has a name in English and none in {language}. Add it to the tables of names."
        )
    pairs = zip(codes, words, strict=True)
    return pa.array([None if word is None else names[one] for one, word in pairs], pa.string())


def _pairs(tables: Mapping[str, pa.Table], table: str, code: str, name: str) -> dict[str, str]:
    if table not in tables:
        return {}
    rows = tables[table].select([code, name]).to_pylist()
    return {row[code]: row[name] for row in rows if row[name]}


def _own_areas() -> Mapping[str, Mapping[str, object]]:
    path = resources.files("orchestration.release") / "texts" / "site" / "area.yaml"
    entries = read_texts("area", path.read_text(encoding="utf-8"))
    return {key.removeprefix("area."): entry for key, entry in entries.items()}
