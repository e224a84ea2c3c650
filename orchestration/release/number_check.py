"""Every printed number and text is the same in CSV, Parquet, DuckDB and workbook.

What belongs here: reading each format with its own reader, comparing every cell of it with the Parquet.
What does not: layout and marks of the files. Whole columns are compared at once: a release has millions of
cells.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from orchestration.release.duckdb_file import views_of
from orchestration.release.findings import Content, Finding
from orchestration.release.oldest_duckdb import OldestClientError, read_with_oldest
from orchestration.release.schema import REVISIONS, Column, TableSchema
from orchestration.release.tables import IN_WORKBOOK, read_csv, read_csv_header, text_column
from orchestration.release.wording import ENGLISH
from orchestration.release.workbook import (
    NOT_APPLICABLE,
    Value,
    cell_values,
    contents_columns,
    contents_header,
    front_sheets,
    in_order,
    sheet_columns,
    sheet_name,
)
from orchestration.release.workbook_names import localise, read_names
from orchestration.release.workbook_read import WorkbookContent

CHECK = "equal numbers"
_TYPE_NAMES = {
    pa.string(): "varchar",
    pa.int32(): "integer",
    pa.int64(): "bigint",
    pa.float64(): "double",
    pa.bool_(): "boolean",
}


def check_numbers(content: Content) -> Iterator[Finding]:
    """Compare every file with the Parquet tables, and the revisions with revisions.csv."""
    for name, table in content.tables.items():
        yield from _check_csv(content.folder, content.files.csv(name), table)
    revisions = read_revisions(content.folder / content.files.revisions)
    yield from _check_duckdb(content, {**content.tables, REVISIONS.name: revisions})
    yield from _check_workbooks(content, revisions)


def _compare(file: str, where: str, expected: pa.Table, found: pa.Table) -> Iterator[Finding]:
    """One finding at the first differing row: a reader mends one cause at a time. Same columns are needed."""
    if expected.num_rows != found.num_rows:
        yield Finding(CHECK, file, f"{where} holds {found.num_rows} rows instead of {expected.num_rows}.")
        return
    first: tuple[int, str] | None = None
    for name, wanted, got in zip(expected.column_names, expected.columns, found.columns, strict=True):
        if wanted.type != got.type:
            yield Finding(CHECK, file, f"{where}, {name}: is {got.type} instead of {wanted.type}.")
            return
        row = _first_difference(wanted, got)
        if row is not None and (first is None or row < first[0]):
            first = row, name
    if first is not None:
        row, name = first
        wanted, got = expected.column(name)[row].as_py(), found.column(name)[row].as_py()
        yield Finding(CHECK, file, f"{where} row {row + 1}, {name}: {got!r} instead of {wanted!r}.")


def _first_difference(wanted: pa.ChunkedArray, got: pa.ChunkedArray) -> int | None:
    """The first row in which two columns of one type differ; a null equals a null only, NaN nothing."""
    one_null = pc.not_equal(pc.is_null(wanted), pc.is_null(got))
    row = pc.index(pc.or_kleene(one_null, pc.fill_null(pc.not_equal(wanted, got), False)), True).as_py()
    return row if row >= 0 else None


def _check_csv(folder: Path, file: str, table: pa.Table) -> Iterator[Finding]:
    path = folder / file
    if not path.is_file():
        yield Finding(CHECK, file, "is missing.")
        return
    raw = path.read_bytes()
    if raw.startswith(b"\xef\xbb\xbf") or b"\r" in raw:
        yield Finding(CHECK, file, "has a byte-order mark or a carriage return.")
    if read_csv_header(raw) != table.column_names:
        yield Finding(CHECK, file, "has other columns than the Parquet file.")
        return
    try:
        found = read_csv(raw, dict.fromkeys(table.column_names, pa.string()))
    except pa.ArrowInvalid as error:
        yield Finding(CHECK, file, f"cannot be read: {str(error).splitlines()[0]}")
        return
    texts = [pc.fill_null(text_column(values), "") for values in table.columns]
    yield from _compare(file, "the table", pa.table(texts, names=table.column_names), found)
    if found.num_rows == table.num_rows:
        yield from _check_read_back(file, table, found)


def _check_read_back(file: str, table: pa.Table, found: pa.Table) -> Iterator[Finding]:
    """Each text is read as a number by another program than wrote it, and gives the very same double.

    One finding at the first column that does not.
    """
    for name in table.column_names:
        numbers = table.column(name)
        if not pa.types.is_floating(numbers.type):
            continue
        texts = pc.if_else(pc.is_null(numbers), pa.scalar(None, pa.string()), found.column(name))
        try:
            row = _first_difference(numbers, texts.cast(pa.float64()))
        except pa.ArrowInvalid as error:
            yield Finding(CHECK, file, f"{name} holds what is no number: {str(error).splitlines()[0]}")
            return
        if row is not None:
            said, value = texts[row].as_py(), numbers[row].as_py()
            sentence = f"row {row + 1}, {name}: {said} does not read back as {value!r}."
            yield Finding(CHECK, file, sentence)
            return


def read_revisions(path: Path) -> pa.Table:
    """revisions.csv with the types of its schema; no rows if the file is missing (found elsewhere)."""
    if not path.is_file():
        return REVISIONS.empty_table()
    types = {column.name: column.arrow_type for column in REVISIONS.columns}
    return read_csv(path.read_bytes(), types, empty_is_null=True)


def _check_duckdb(content: Content, expected: Mapping[str, pa.Table]) -> Iterator[Finding]:
    file = content.files.duckdb
    if not (content.folder / file).is_file():
        yield Finding(CHECK, file, "is missing.")
        return
    try:
        answer = read_with_oldest(content.folder / file)
    except OldestClientError as error:
        yield Finding("oldest DuckDB", file, f"{error}.")
        return
    if set(answer.tables) != set(expected):
        differing = ", ".join(sorted(set(answer.tables) ^ set(expected)))
        yield Finding(CHECK, file, f"does not hold the tables of this release: {differing}.")
        return
    views = views_of(content.tables)
    for name in sorted(set(views) ^ set(answer.views)):
        yield Finding(CHECK, file, f"{'has no view' if name in views else 'has the unknown view'} {name}.")
    for name in sorted(set(views) & set(answer.views)):
        if not (answer.views[name]["comment"] or "").endswith(views[name][1]):
            yield Finding(CHECK, file, f"the view {name} does not say what it shows.")
    for name, table in expected.items():
        found = answer.tables[name]
        if list(found.columns) != table.column_names:
            yield Finding(CHECK, file, f"{name} has other columns than the Parquet file.")
            continue
        if not found.comment or not all(found.columns.values()):
            yield Finding(CHECK, file, f"{name} or one of its columns has no comment.")
        yield from _compare(file, name, table, found.rows)


def _check_workbooks(content: Content, revisions: pa.Table) -> Iterator[Finding]:
    """Every sheet of the English workbook against the tables; of the others what is not the same."""
    for language, file in content.files.workbooks.items():
        if language not in content.workbooks:
            yield Finding(CHECK, file, "is missing.")
            continue
        yield from _check_workbook(content, revisions, language)


def _check_workbook(content: Content, revisions: pa.Table, language: str) -> Iterator[Finding]:
    file, workbook = content.files.workbooks[language], content.workbooks[language]
    listed = in_order([(schema_of(name, table), table) for name, table in content.tables.items()], revisions)
    columns = contents_columns(listed, language)
    yield from _check_sheet(file, workbook, front_sheets(language)[1], contents_header(language), columns)
    names = read_names(content.tables, language)
    for schema, table in (localise(*one, names) for one in listed if one[0].in_workbook):
        sheet, shown = sheet_name(schema), sheet_columns(schema)
        if not _is_compared(content, language, sheet):
            values = [cell_values(column, table) for column in shown]
            header = tuple(column.name for column in shown)
            yield from _check_sheet(file, workbook, sheet, header, values)
    known = {*front_sheets(language), *(sheet_name(schema) for schema, _ in listed if schema.in_workbook)}
    for sheet in workbook.sheets:
        if sheet not in known:
            yield Finding(CHECK, file, f"has a sheet {sheet}, which no table of this release fills.")


def _is_compared(content: Content, language: str, name: str) -> bool:
    """Whether the cells of a sheet are those of the English one, which is compared itself."""
    sheet = content.workbooks[language].sheets.get(name)
    english = content.workbooks[ENGLISH].sheets.get(name) if ENGLISH in content.workbooks else None
    if language == ENGLISH or sheet is None or english is None:
        return False
    return sheet.columns is english.columns and sheet.header == english.header


def _check_sheet(
    file: str, workbook: WorkbookContent, sheet: str, header: Sequence[str], columns: Sequence[list[Value]]
) -> Iterator[Finding]:
    cells = workbook.sheets.get(sheet)
    if cells is None:
        yield Finding(CHECK, file, f"has no sheet {sheet}.")
        return
    if tuple(cells.header) != tuple(header):
        yield Finding(CHECK, file, f"sheet {sheet} has other columns than the Parquet file.")
        return
    wanted = [_as_read(values or [NOT_APPLICABLE]) for values in columns]
    if len(wanted[0]) != cells.height:
        sentence = f"sheet {sheet} holds {cells.height} rows instead of {len(wanted[0])}."
        yield Finding(CHECK, file, sentence)
        return
    if cells.first_empty is not None:
        yield Finding(CHECK, file, f"sheet {sheet} has an empty cell {cells.first_empty}.")
        return
    differences = [
        (next(n for n, pair in enumerate(zip(one, other, strict=True)) if not _is_same(*pair)), position)
        for position, (one, other) in enumerate(zip(wanted, cells.columns, strict=True))
        if one != other or list(map(type, one)) != list(map(type, other))
    ]
    if differences:
        row, position = min(differences)
        got, one = cells.columns[position][row], wanted[position][row]
        sentence = f"sheet {sheet} row {row + 1}, {header[position]}: {got!r} instead of {one!r}."
        yield Finding(CHECK, file, sentence)


def _is_same(one: object, other: object) -> bool:
    return type(one) is type(other) and one == other


def _as_read(values: list[Value]) -> list[Value]:
    """A workbook does not tell 1.0 from 1: every number is read as a double."""
    return [float(value) if type(value) is int else value for value in values]


def schema_of(name: str, table: pa.Table) -> TableSchema:
    """The schema which a Parquet file itself states; enough for comparing, without descriptions."""
    columns = tuple(
        Column(field.name, _TYPE_NAMES.get(field.type, str(field.type)), "") for field in table.schema
    )
    stated = table.schema.metadata or {}
    return TableSchema(
        name=name,
        title=stated.get(b"title", b"").decode(),
        description="",
        primary_key=(),
        columns=columns,
        in_workbook=stated.get(IN_WORKBOOK.encode()) != b"false",
    )
