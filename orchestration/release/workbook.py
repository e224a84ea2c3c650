"""The workbook of a bundle: Cover, Contents, Notes, then one table a sheet.

What belongs here: the layout of release.md section 7, and what stands in a cell without a value.
What does not: checking a finished workbook (workbook_check.py), numbers (tables.py).

Shorthand letters follow the UK Analysis Function's guidance on symbols (not yet confirmed for UNECE).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pyarrow as pa
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from connectors.errors import CheckError
from orchestration.release.marks import ILLUSTRATIVE_MARK
from orchestration.release.schema import PREFIX, REVISIONS, Column, TableSchema
from orchestration.release.tables import csv_text

HEADER_ROW = 3
"""Rows count from 1: title, note, header; the first row of data follows."""

CONFIDENTIAL, NOT_AVAILABLE, NOT_APPLICABLE = "[c]", "[x]", "[z]"
_REASONS = {
    "CONFIDENTIAL": CONFIDENTIAL,
    "CONF_SECONDARY": CONFIDENTIAL,
    "CANNOT_EXIST": NOT_APPLICABLE,
    "OFF_GRID": NOT_APPLICABLE,
    "NOT_ASSESSED": NOT_APPLICABLE,
}
STATUS_MARKS = {"B": "[b]", "E": "[e]", "I": "[e]", "F": "[f]", "P": "[p]", "U": "[u]"}
FINGERPRINTS = frozenset({"snapshot_sha256", "config_sha256", "raw_sha256", "content_sha256"})
"""Columns of 64 hex digits, which no reader of a sheet uses; they are in CSV, Parquet and DuckDB."""

_READ_FIRST = ("rpt_regional_progress", "rpt_observation")
"""The tables most readers come for stand first, the others follow by name."""

FRONT = ("Cover", "Contents", "Notes")
"""The first sheets, in this order."""
CONTENTS = FRONT[1]
CONTENTS_HEADER = ("Sheet", "Table", "Title", "Rows")
_CONTENTS_NOTE = (
    f"One table a sheet. A table without a sheet ({NOT_APPLICABLE}) is long and made for programs: the CSV, "
    "Parquet and DuckDB files of this release hold it, under the name in the column Table."
)
NUMBER_FORMATS = ("0.000", "0.00", "0.0", "#,##0")
"""How numbers are shown: below 1, below 100, below 1000, and from there on."""

_LONGEST_CELL = 32_767
_LARGEST_WHOLE = 10**15
"""A spreadsheet keeps 15 digits: a longer whole number is written as text."""

Value = str | int | float | bool
_NOTES = (
    f"A cell without a value says why: {CONFIDENTIAL} confidential, {NOT_AVAILABLE} not available, "
    f"{NOT_APPLICABLE} not applicable. The column null_reason, where there is one, gives the exact reason.",
    "Column obs_status holds the SDMX observation status, followed by a mark where one applies: [b] break in "
    "series, [e] estimated or imputed, [f] forecast, [p] provisional, [u] low reliability.",
    "Numbers are stated to 15 significant digits and are the same in every file of this release; a cell "
    "shows fewer decimals than it holds. Columns of fingerprints (SHA-256) are "
    "left out of this workbook; the CSV, Parquet and DuckDB files hold them.",
    "Column target_verified says whether the target was checked against its official text; a colour that "
    "rests on an unverified target is to be read with that reserve.",
)


@dataclass(frozen=True)
class WorkbookText:
    """What a workbook says about its release."""

    title: str
    release_id: str
    issued: date
    author: str
    illustrative: bool

    def marked(self, text: str) -> str:
        """`text`, followed by the mark if the data are illustrative."""
        return f"{text} – {ILLUSTRATIVE_MARK}" if self.illustrative else text


def sheet_name(schema: TableSchema) -> str:
    """Name of the sheet which holds a table."""
    return schema.name.removeprefix(PREFIX)[:31]


def sheet_columns(schema: TableSchema) -> tuple[Column, ...]:
    """The columns of a table which the workbook shows."""
    return tuple(column for column in schema.columns if column.name not in FINGERPRINTS)


Listed = tuple[TableSchema, pa.Table]


def in_order(tables: Sequence[Listed], revisions: pa.Table) -> list[Listed]:
    """The tables as Contents lists them: those with a sheet in the order of the sheets, then the others."""
    rank = {name: position for position, name in enumerate(_READ_FIRST)}
    ordered = sorted(tables, key=lambda listed: (rank.get(listed[0].name, len(rank)), listed[0].name))
    shown = [listed for listed in ordered if listed[0].in_workbook]
    return [*shown, (REVISIONS, revisions), *(listed for listed in ordered if not listed[0].in_workbook)]


def contents_columns(listed: Sequence[Listed]) -> list[list[Value]]:
    """The columns of the sheet Contents, in the order of CONTENTS_HEADER."""
    return [
        [sheet_name(schema) if schema.in_workbook else NOT_APPLICABLE for schema, _ in listed],
        [schema.name for schema, _ in listed],
        [schema.title for schema, _ in listed],
        [table.num_rows for _, table in listed],
    ]


def write_workbook(
    dest: Path,
    tables: Mapping[str, pa.Table],
    schemas: Mapping[str, TableSchema],
    revisions: pa.Table,
    text: WorkbookText,
) -> None:
    """Write the workbook. The same input gives the same bytes: its creation date is the plan's.

    Raises CheckError if a text is longer than a cell can hold.
    """
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(dest), options) as book:
        created = datetime.combine(text.issued, time())
        book.set_properties(
            {
                "title": text.marked(text.title),
                "author": text.author,
                "company": text.author,
                "created": created,
                "comments": f"Release {text.release_id}",
            }
        )
        book.set_custom_property("Language", "en", "text")
        formats = _Formats(book)
        listed = in_order([(schemas[name], table) for name, table in tables.items()], revisions)
        _write_cover(book.add_worksheet("Cover"), text, formats)
        _write_contents(book.add_worksheet(CONTENTS), listed, text, formats)
        _write_notes(book.add_worksheet("Notes"), text, formats)
        for schema, table in listed:
            if schema.in_workbook:
                _write_table(book.add_worksheet(sheet_name(schema)), schema, table, text, formats)


class _Formats:
    def __init__(self, book: Any) -> None:
        self.title: Format = book.add_format({"bold": True, "font_size": 14, "valign": "top"})
        self.header: Format = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self.wrap: Format = book.add_format({"text_wrap": True, "valign": "top"})
        self._numbers: list[Format] = [
            book.add_format({"valign": "top", "num_format": pattern}) for pattern in NUMBER_FORMATS
        ]

    def of_number(self, value: int | float) -> Format:
        """How a number is shown: whole ones as they are, others with fewer decimals the larger they are.

        The cell holds the number in full; only its display is short enough to read.
        """
        if isinstance(value, int):
            return self.wrap
        size = abs(value)
        return self._numbers[sum(size >= limit for limit in (1, 100, 1000))]


def cell_values(column: Column, table: pa.Table) -> list[Value]:
    """What stands in the cells of a column: the values, or the shorthand that says why there is none."""
    values = table.column(column.name).to_pylist()
    if column.data_type in ("varchar", "boolean"):
        if column.name == "obs_status":
            values = [
                f"{value} {STATUS_MARKS[value]}" if value in STATUS_MARKS else value for value in values
            ]
        return [NOT_APPLICABLE if value is None else value for value in values]
    if column.data_type in ("integer", "bigint"):
        values = [value if value is None or abs(value) <= _LARGEST_WHOLE else str(value) for value in values]
    if None not in values:
        return values
    known = "null_reason" in table.column_names
    reasons = table.column("null_reason").to_pylist() if known else [None] * table.num_rows
    return [
        _REASONS.get(reason, NOT_AVAILABLE) if value is None else value
        for value, reason in zip(values, reasons, strict=True)
    ]


def _write_cover(sheet: Worksheet, text: WorkbookText, formats: _Formats) -> None:
    lines = [
        text.marked(text.title),
        f"Release {text.release_id}, {text.issued.isoformat()}",
        text.author,
        "Regional and national figures on the circular economy for the 56 member States of UNECE.",
        "The sheet Contents lists the tables, the sheet Notes explains marks and columns.",
        "Sources and their terms of use: table dataset in this workbook, and LICENSES.md in the release.",
    ]
    if text.illustrative:
        lines.insert(
            1, "All figures in this workbook are invented. They test the software and describe nothing."
        )
    sheet.set_column(0, 0, 100)
    for row, line in enumerate(lines):
        sheet.write_string(row, 0, line, formats.title if row == 0 else formats.wrap)


def _write_contents(
    sheet: Worksheet, listed: Sequence[Listed], text: WorkbookText, formats: _Formats
) -> None:
    block = _Block(CONTENTS, CONTENTS_HEADER, contents_columns(listed), _CONTENTS_NOTE, "contents")
    _write_block(sheet, block, text, formats)


def _write_notes(sheet: Worksheet, text: WorkbookText, formats: _Formats) -> None:
    columns: list[list[Value]] = [[f"[note {number}]" for number in range(1, len(_NOTES) + 1)], [*_NOTES]]
    _write_block(
        sheet, _Block("Notes", ("Note", "Text"), columns, "Notes on all tables.", "notes"), text, formats
    )


def _write_table(
    sheet: Worksheet, schema: TableSchema, table: pa.Table, text: WorkbookText, formats: _Formats
) -> None:
    columns = sheet_columns(schema)
    notes = ", ".join(f"[note {number}]" for number in range(1, len(_NOTES) + 1))
    note = f"{schema.description} Release {text.release_id}. See {notes} in the sheet Notes."
    values = [cell_values(column, table) for column in columns]
    header = tuple(column.name for column in columns)
    _write_block(sheet, _Block(schema.title, header, values, note, schema.name), text, formats)


@dataclass(frozen=True)
class _Block:
    """A sheet with a table: `table_name` is its name in Excel, `columns` its values below `header`."""

    title: str
    header: tuple[str, ...]
    columns: list[list[Value]]
    note: str
    table_name: str


def _write_block(sheet: Worksheet, block: _Block, text: WorkbookText, formats: _Formats) -> None:
    """Title in A1, note in A2, the table from A3; a table of no rows keeps one row that says so."""
    columns: list[list[Value]] = [values or [NOT_APPLICABLE] for values in block.columns]
    last = HEADER_ROW - 1 + len(columns[0])
    sheet.write_string(0, 0, text.marked(block.title), formats.title)
    sheet.write_string(1, 0, block.note)
    sheet.add_table(
        HEADER_ROW - 1,
        0,
        last,
        len(columns) - 1,
        {
            "name": block.table_name,
            "autofilter": False,
            "style": "Table Style Light 15",
            "columns": [{"header": name, "header_format": formats.header} for name in block.header],
        },
    )
    for position, (name, values) in enumerate(zip(block.header, columns, strict=True)):
        _write_column(sheet, position, values, formats)
        longest = max(_shown_length(value) for value in values[:1000])
        sheet.set_column(position, position, min(max(longest, len(name)) + 2, 60))
    sheet.ignore_errors({"number_stored_as_text": f"A{HEADER_ROW + 1}:XFD{last + 1}"})


def _shown_length(value: Value) -> int:
    """Characters a value takes on the sheet."""
    return len(f"{value:,.2f}") if isinstance(value, float) else len(csv_text(value))


def _write_column(sheet: Worksheet, position: int, values: Sequence[Value], formats: _Formats) -> None:
    for row, value in enumerate(values, start=HEADER_ROW):
        if isinstance(value, bool):
            sheet.write_boolean(row, position, value, formats.wrap)
        elif isinstance(value, int | float):
            sheet.write_number(row, position, value, formats.of_number(value))
        elif len(value) > _LONGEST_CELL:
            raise CheckError(
                f"Sheet {sheet.get_name()}, row {row + 1}: a text is longer than a cell can hold."
            )
        else:
            sheet.write_string(row, position, value, formats.wrap)
