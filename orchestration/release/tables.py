"""Release tables as Parquet and CSV: one number, one text, everywhere.

What belongs here: writing and reading a table by its declared schema, and how a number is stated.
What does not: which tables exist (schema.py), what they may contain (expectations/), other formats.
"""

import csv
import math
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyarrow import csv as arrow_csv

from connectors.errors import CheckError
from orchestration.release.marks import ILLUSTRATIVE_MARK
from orchestration.release.schema import Column, TableSchema

SIGNIFICANT_DIGITS = 15
"""Every decimal number of 15 significant digits survives IEEE 754 double and back (DBL_DIG), and it is what a
spreadsheet program keeps: so all formats can carry the very same number."""

ROW_GROUP_ROWS = 65_536
IN_WORKBOOK = "in_workbook"
"""Key of the Parquet metadata which says whether a table has a sheet, for those who judge a bundle."""
LICENCE = "See LICENSES.md: the terms of each source"
_ZSTD_LEVEL = 3


def release_metadata(release_id: str, licence: str, illustrative: bool) -> dict[str, str]:
    """The key-value metadata which every Parquet file of a release carries, beside its title."""
    metadata = {"release": release_id, "licence": licence}
    return metadata | {"illustrative": ILLUSTRATIVE_MARK} if illustrative else metadata


def state_number(value: float) -> float:
    """`value` to 15 significant digits; the sign of a zero is dropped."""
    return float(f"{value:.{SIGNIFICANT_DIGITS}g}") + 0.0


def format_number(value: float) -> str:
    """The shortest decimal text which reads back as `value`: no grouping, no exponent, no `.0`."""
    text = format(Decimal(repr(value)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def write_release_parquet(src: Path, schema: TableSchema, dest: Path, metadata: Mapping[str, str]) -> None:
    """Write the table in `src` (Parquet with the declared columns) to `dest` as the release states it.

    Doubles at 15 significant digits, empty text as null, sorted by primary key, zstd, fixed row groups.
    The same rows in any order give the same bytes. Raises CheckError if columns, types or key differ.
    """
    write_table(pq.read_table(src), schema, dest, metadata)


def write_table(table: pa.Table, schema: TableSchema, dest: Path, metadata: Mapping[str, str]) -> None:
    """As write_release_parquet, from a table in memory (used for typed empty tables too)."""
    stated = _state_table(table, schema)
    text = {"title": schema.title, IN_WORKBOOK: csv_text(schema.in_workbook), **metadata}
    stated = stated.replace_schema_metadata(dict(sorted(text.items())))
    dest.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(
        stated,
        dest,
        compression="zstd",
        compression_level=_ZSTD_LEVEL,
        row_group_size=ROW_GROUP_ROWS,
    )


def read_release_table(path: Path, schema: TableSchema) -> pa.Table:
    """Read a release's Parquet file. Raises CheckError if columns or types are not the declared ones."""
    table = pq.read_table(path)
    if table.schema.remove_metadata() != schema.arrow_schema():
        raise CheckError(
            f"{path.name} does not have the columns and types which {schema.name} declares. Rebuild it."
        )
    return table


def write_release_csv(table: pa.Table, schema: TableSchema, dest: Path) -> None:
    """Write a release table as CSV: UTF-8 without BOM, LF, RFC 4180 quotes, `true`/`false`, null empty."""
    dest.parent.mkdir(parents=True, exist_ok=True)
    texts = {name: text_column(table.column(name)) for name in schema.column_names}
    pl.DataFrame(texts).write_csv(dest, line_terminator="\n", quote_style="necessary")


def read_csv_header(raw: bytes) -> list[str]:
    """The names of the columns in the CSV `raw`; a byte-order mark belongs to the first."""
    return next(csv.reader([raw.split(b"\n", 1)[0].decode("utf-8")]), [])


def read_csv(raw: bytes, types: Mapping[str, pa.DataType], *, empty_is_null: bool = False) -> pa.Table:
    """Those columns of the CSV `raw` which `types` names, read by another program than wrote it.

    Raises ArrowInvalid for rows of unequal length or values of another type, ArrowKeyError for a column that
    is not there. An empty field is the empty text, or null.
    """
    return arrow_csv.read_csv(
        pa.BufferReader(raw),
        parse_options=arrow_csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),
        convert_options=arrow_csv.ConvertOptions(
            column_types=types,
            include_columns=list(types),
            null_values=[""] if empty_is_null else [],
            strings_can_be_null=empty_is_null,
            true_values=["true"],
            false_values=["false"],
        ),
    )


def text_column(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Every value as CSV states it, as text; a null stays null. Each number is put into words once."""
    if not pa.types.is_floating(values.type):
        return values.cast(pa.string())
    coded = values.combine_chunks().dictionary_encode()
    words = [format_number(value) for value in coded.dictionary.to_pylist()]
    return pa.chunked_array([pa.array(words, pa.string()).take(coded.indices)])


def csv_text(value: str | int | float | bool | None) -> str:
    """One value as CSV states it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return format_number(value)
    return str(value)


def _state_table(table: pa.Table, schema: TableSchema) -> pa.Table:
    missing = sorted(set(schema.column_names) - set(table.column_names))
    extra = sorted(set(table.column_names) - set(schema.column_names))
    if missing or extra:
        raise CheckError(
            f"{schema.name}: columns missing: {', '.join(missing) or 'none'}; "
            f"columns not declared: {', '.join(extra) or 'none'}. Only declared columns are published."
        )
    arrays = [_state_column(table.column(c.name), c, schema.name) for c in schema.columns]
    stated = pa.Table.from_arrays(arrays, schema=schema.arrow_schema())
    _check_key(stated, schema)
    return stated.sort_by([(name, "ascending") for name in schema.row_order]).combine_chunks()


def _state_column(values: pa.ChunkedArray, column: Column, table: str) -> pa.ChunkedArray:
    try:
        typed = values.cast(column.arrow_type)
    except pa.ArrowInvalid as error:
        raise CheckError(
            f"{table}.{column.name} does not fit its declared type {column.data_type}: {error}"
        ) from error
    if column.data_type == "varchar":
        return pc.if_else(pc.equal(typed, ""), pa.scalar(None, pa.string()), typed)
    if column.data_type != "double":
        return typed
    stated = [None if v is None else _finite(v, table, column.name) for v in typed.to_pylist()]
    return pa.chunked_array([pa.array(stated, type=pa.float64())])


def _finite(value: float, table: str, column: str) -> float:
    if not math.isfinite(value):
        raise CheckError(
            f"{table}.{column} holds {value}: a release states finite numbers only. Correct the model."
        )
    return state_number(value)


def _check_key(table: pa.Table, schema: TableSchema) -> None:
    key = list(schema.primary_key)
    for name in key:
        if table.column(name).null_count:
            raise CheckError(
                f"{schema.name}: key column {name} is empty in {table.column(name).null_count} rows."
            )
    counted = table.group_by(key).aggregate([([], "count_all")])
    double = counted.filter(pc.greater(counted.column("count_all"), 1))
    if double.num_rows:
        first = ", ".join(f"{name}={double.column(name)[0].as_py()}" for name in key)
        raise CheckError(f"{schema.name}: {double.num_rows} keys occur more than once, first {first}.")
