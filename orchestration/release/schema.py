"""The tables of a release, read from the dbt models that declare them.

What belongs here: the typed schema of each rpt_ table (columns, types, keys, descriptions), its file names.
What does not: reading or writing the data (tables.py), rules about their content (expectations/).

The dbt YAML under models/release is written once and read here for CSV, Parquet, DuckDB, workbook and data
package, so that no format can describe a column differently.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import yaml

from connectors.errors import CheckError

PREFIX = "rpt_"
ILLUSTRATIVE_PREFIX = "ILLUSTRATIVE_"
"""Prefix of every file made for people (CSV, workbook, DuckDB). Parquet files keep their names, by which
the gate judges them; they carry the mark in a column and in their metadata."""

_ARROW_TYPES: dict[str, pa.DataType] = {
    "varchar": pa.string(),
    "integer": pa.int32(),
    "bigint": pa.int64(),
    "double": pa.float64(),
    "boolean": pa.bool_(),
}


@dataclass(frozen=True)
class Column:
    """One published column: name, data type in the release's vocabulary, meaning."""

    name: str
    data_type: str
    description: str

    @property
    def arrow_type(self) -> pa.DataType:
        """The Arrow type in which the column is written."""
        return _ARROW_TYPES[self.data_type]


@dataclass(frozen=True)
class TableSchema:
    """One published table. `name` is the dbt model's name and the stem of every file that holds the table."""

    name: str
    title: str
    description: str
    primary_key: tuple[str, ...]
    columns: tuple[Column, ...]
    sort_by: tuple[str, ...] = ()
    """The order of rows where it is not the key's: a table for readers begins with the whole region."""
    in_workbook: bool = True
    """False for a long table which only programs read: it is in every file but the workbook."""

    @property
    def row_order(self) -> tuple[str, ...]:
        """Columns by which the rows are sorted in every format; they tell any two rows apart."""
        return self.sort_by or self.primary_key

    @property
    def column_names(self) -> tuple[str, ...]:
        """Column names in published order."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """The column called `name`; KeyError if there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    def arrow_schema(self) -> pa.Schema:
        """The table's Arrow schema, without metadata."""
        return pa.schema([(column.name, column.arrow_type) for column in self.columns])

    def empty_table(self) -> pa.Table:
        """A typed table of no rows, for a predecessor which does not exist."""
        return self.arrow_schema().empty_table()

    def parquet_name(self) -> str:
        """File name of the Parquet file."""
        return f"{self.name}.parquet"

    def csv_name(self, illustrative: bool) -> str:
        """File name of the CSV file."""
        return f"{ILLUSTRATIVE_PREFIX if illustrative else ''}{self.name}.csv"


def _columns(**types: tuple[str, str]) -> tuple[Column, ...]:
    return tuple(Column(name, data_type, text) for name, (data_type, text) in types.items())


REVISIONS = TableSchema(
    name="revisions",
    title="Changes since the preceding release",
    description="One row for each published value or status that differs from the preceding release.",
    primary_key=(
        "table",
        "indicator",
        "breakdown",
        "area",
        "area_kind",
        "time_period",
        "method",
        "time_window",
    ),
    columns=_columns(
        table=("varchar", "Table in which the change is: rpt_observation or rpt_progress"),
        indicator=("varchar", "Indicator"),
        breakdown=("varchar", "Component of the indicator; _T is the total"),
        area=("varchar", "Country (ISO 3166 alpha-3), EU27, WORLD or region"),
        area_kind=("varchar", "country, aggregate (as its publisher states it) or region"),
        time_period=("varchar", "Year of a changed value; none for a progress status"),
        method=("varchar", "Method of a changed progress status; none for a value"),
        time_window=("varchar", "Window of that method: all, short, long or base; none for a value"),
        change=(
            "varchar",
            "added, removed, revised, recoded (same value, published under another source code), or status "
            "(same value, another status)",
        ),
        old_value=("double", "Value in the preceding release, in the indicator's unit"),
        new_value=("double", "Value in this release, in the indicator's unit"),
        relative_change=("double", "|new - old| / |old|, a share; none from zero"),
        old_status=("varchar", "Observation or progress status in the preceding release"),
        new_status=("varchar", "Observation or progress status in this release"),
        reason_code=("varchar", "One of the five reasons for a change, if a person gave one"),
        note_en=("varchar", "Note for readers, in English"),
        note_fr=("varchar", "Note for readers, in French"),
        note_ru=("varchar", "Note for readers, in Russian"),
        illustrative=("boolean", "True if the row rests on invented data"),
    ),
)
"""The one table that no dbt model makes; revisions.py does. Its key columns may be empty."""


def load_schemas(dbt_project_dir: Path) -> dict[str, TableSchema]:
    """Read models/release/*.yml below `dbt_project_dir`: every model called rpt_*, by name, sorted.

    Raises CheckError if a model lacks a title, a primary key or columns, or has a type a release cannot hold.
    """
    folder = dbt_project_dir / "models" / "release"
    schemas: dict[str, TableSchema] = {}
    for path in sorted(folder.glob("*.yml")) + sorted(folder.glob("*.yaml")):
        declared = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        for model in declared.get("models") or []:
            if str(model.get("name", "")).startswith(PREFIX):
                schema = _parse_model(model, path.name)
                schemas[schema.name] = schema
    if not schemas:
        raise CheckError(
            f"No release table is declared below {folder.name}/. Declare the rpt_ models in its YAML."
        )
    return dict(sorted(schemas.items()))


def _parse_model(model: dict[str, Any], file_name: str) -> TableSchema:
    name = model["name"]
    meta = (model.get("config") or {}).get("meta") or {}
    columns = tuple(_parse_column(name, column, file_name) for column in model.get("columns") or [])
    key = tuple(meta.get("primary_key") or ())
    order = tuple(meta.get("sort_by") or ())
    shown = meta.get("in_workbook", True)
    known = {column.name for column in columns}
    problems = [
        *(["no config.meta.title"] if not meta.get("title") else []),
        *(["config.meta.in_workbook is neither true nor false"] if not isinstance(shown, bool) else []),
        *(["no columns"] if not columns else []),
        *(["no config.meta.primary_key"] if not key else []),
        *(f"key column {column} is not declared" for column in (*key, *order) if column not in known),
    ]
    if problems:
        raise CheckError(
            f"Release table {name} ({file_name}): {'; '.join(problems)}. Complete its declaration."
        )
    return TableSchema(
        name=name,
        title=_one_line(meta["title"]),
        description=_one_line(model.get("description") or ""),
        primary_key=key,
        columns=columns,
        sort_by=order,
        in_workbook=shown,
    )


def _parse_column(table: str, column: dict[str, Any], file_name: str) -> Column:
    data_type = str(column.get("data_type") or "").lower()
    if data_type not in _ARROW_TYPES:
        raise CheckError(
            f"Release table {table} ({file_name}): column {column.get('name')} has type "
            f"{data_type or 'none'}; a release holds {', '.join(sorted(_ARROW_TYPES))}."
        )
    return Column(column["name"], data_type, _one_line(column.get("description") or ""))


def _one_line(text: str) -> str:
    return " ".join(str(text).split())
