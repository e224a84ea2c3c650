"""Every printed number and text is the same in CSV, Parquet, DuckDB and workbook.

What belongs here: reading each format with its own reader, comparing it with the Parquet cell by cell.
What does not: layout and marks of the files.
"""

import csv
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa

from orchestration.release.findings import Content, Finding
from orchestration.release.oldest_duckdb import OldestClientError, read_with_oldest
from orchestration.release.schema import REVISIONS, Column, TableSchema
from orchestration.release.tables import csv_text
from orchestration.release.workbook import HEADER_ROW, NOT_APPLICABLE, cell_value, sheet_columns, sheet_name

CHECK = "equal numbers"
_TYPE_NAMES = {
    pa.string(): "varchar",
    pa.int32(): "integer",
    pa.int64(): "bigint",
    pa.float64(): "double",
    pa.bool_(): "boolean",
}

Row = tuple[Any, ...]


def check_numbers(content: Content) -> Iterator[Finding]:
    """Compare every file with the Parquet tables, and the revisions with revisions.csv."""
    expected = {name: _rows(table) for name, table in content.tables.items()}
    for name, table in content.tables.items():
        yield from _check_csv(content.folder, content.files.csv(name), table.column_names, expected[name])
    revisions = _read_revisions(content.folder / content.files.revisions)
    columns = {name: table.column_names for name, table in content.tables.items()}
    yield from _check_duckdb(
        content,
        expected | {REVISIONS.name: revisions},
        columns | {REVISIONS.name: list(REVISIONS.column_names)},
    )
    yield from _check_workbook(content, revisions)


def _rows(table: pa.Table) -> list[Row]:
    return list(zip(*(table.column(name).to_pylist() for name in table.column_names), strict=True))


def _compare(
    file: str, where: str, columns: Sequence[str], expected: list[Row], found: list[Row]
) -> Iterator[Finding]:
    """One finding at the first difference: a reader mends one cause at a time."""
    if len(expected) != len(found):
        yield Finding(CHECK, file, f"{where} holds {len(found)} rows instead of {len(expected)}.")
        return
    for number, (wanted, got) in enumerate(zip(expected, found, strict=True), start=1):
        for column, one, other in zip_longest(columns, wanted, got):
            if type(one) is not type(other) or one != other:
                sentence = f"{where} row {number}, {column}: {other!r} instead of {one!r}."
                yield Finding(CHECK, file, sentence)
                return


def _check_csv(folder: Path, file: str, columns: list[str], expected: list[Row]) -> Iterator[Finding]:
    path = folder / file
    if not path.is_file():
        yield Finding(CHECK, file, "is missing.")
        return
    raw = path.read_bytes()
    if raw.startswith(b"\xef\xbb\xbf") or b"\r" in raw:
        yield Finding(CHECK, file, "has a byte-order mark or a carriage return.")
    with path.open(encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream)
    if header != columns:
        yield Finding(CHECK, file, "has other columns than the Parquet file.")
        return
    texts = [tuple(csv_text(value) for value in row) for row in expected]
    yield from _compare(file, "the table", columns, texts, [tuple(row) for row in rows])
    yield from _check_read_back(file, columns, expected, rows)


def _check_read_back(
    file: str, columns: list[str], expected: list[Row], rows: list[list[str]]
) -> Iterator[Finding]:
    for number, (wanted, got) in enumerate(zip(expected, rows, strict=False), start=1):
        for column, value, text in zip(columns, wanted, got, strict=False):
            if isinstance(value, float) and (not text or float(text) != value):
                yield Finding(CHECK, file, f"row {number}, {column}: {text} does not read back as {value!r}.")
                return


def _read_revisions(path: Path) -> list[Row]:
    """Rows of revisions.csv with the types of its schema; empty if the file is missing (found elsewhere)."""
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as stream:
        return [
            tuple(_typed(row.get(column.name), column) for column in REVISIONS.columns)
            for row in csv.DictReader(stream)
        ]


def _typed(text: str | None, column: Column) -> Any:
    if not text:
        return None
    if column.data_type == "boolean":
        return text == "true"
    return float(text) if column.data_type == "double" else text


def _check_duckdb(
    content: Content, expected: dict[str, list[Row]], columns: dict[str, list[str]]
) -> Iterator[Finding]:
    file = content.files.duckdb
    if not (content.folder / file).is_file():
        yield Finding(CHECK, file, "is missing.")
        return
    try:
        answer = read_with_oldest(content.folder / file)
    except OldestClientError as error:
        yield Finding("oldest DuckDB", file, f"{error}.")
        return
    if set(answer["tables"]) != set(expected):
        differing = ", ".join(sorted(set(answer["tables"]) ^ set(expected)))
        yield Finding(CHECK, file, f"does not hold the tables of this release: {differing}.")
        return
    for name, rows in expected.items():
        table = answer["tables"][name]
        if [column for column, _ in table["columns"]] != columns[name]:
            yield Finding(CHECK, file, f"{name} has other columns than the Parquet file.")
        elif not table["comment"] or not all(comment for _, comment in table["columns"]):
            yield Finding(CHECK, file, f"{name} or one of its columns has no comment.")
        yield from _compare(file, name, columns[name], rows, [tuple(row) for row in table["rows"]])


def _check_workbook(content: Content, revisions: list[Row]) -> Iterator[Finding]:
    file = content.files.workbook
    if not (content.folder / file).is_file():
        yield Finding(CHECK, file, "is missing.")
        return
    book = openpyxl.load_workbook(content.folder / file, read_only=True)
    try:
        for name, table in content.tables.items():
            yield from _check_sheet(file, book, schema_of(name, table), table.to_pylist())
        named = [dict(zip(REVISIONS.column_names, row, strict=True)) for row in revisions]
        yield from _check_sheet(file, book, REVISIONS, named)
    finally:
        book.close()


def _check_sheet(file: str, book: Any, schema: TableSchema, rows: list[dict[str, Any]]) -> Iterator[Finding]:
    sheet = sheet_name(schema)
    if sheet not in book.sheetnames:
        yield Finding(CHECK, file, f"has no sheet {sheet}.")
        return
    columns = sheet_columns(schema)
    header, *found = book[sheet].iter_rows(min_row=HEADER_ROW, values_only=True)
    if list(header) != [column.name for column in columns]:
        yield Finding(CHECK, file, f"sheet {sheet} has other columns than the Parquet file.")
        return
    expected = [tuple(_as_read(cell_value(column, row)) for column in columns) for row in rows]
    wanted = expected or [(NOT_APPLICABLE,) * len(columns)]
    yield from _compare(file, f"sheet {sheet}", header, wanted, [tuple(map(_as_read, row)) for row in found])


def _as_read(value: Any) -> Any:
    """A workbook does not tell 1.0 from 1."""
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def schema_of(name: str, table: pa.Table) -> TableSchema:
    """The schema which a Parquet file itself states; enough for comparing, without descriptions."""
    columns = tuple(
        Column(field.name, _TYPE_NAMES.get(field.type, str(field.type)), "") for field in table.schema
    )
    return TableSchema(name=name, title=name, description="", primary_key=(), columns=columns)
