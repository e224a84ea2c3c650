"""The workbook of a bundle: Cover, Contents, Notes, then one table a sheet.

What belongs here: the layout of release.md section 7, and what stands in a cell without a value.
What does not: checking a finished workbook (workbook_check.py), numbers (tables.py).

Shorthand letters follow the UK Analysis Function's guidance on symbols (not yet confirmed for UNECE).
"""

from collections.abc import Mapping
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

_READ_FIRST = ("rpt_regional_progress", "rpt_progress", "rpt_aggregate", "rpt_observation")
"""The tables most readers come for stand first, the others follow by name."""

_LONGEST_CELL = 32_767
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
        ordered = [name for name in _READ_FIRST if name in tables]
        ordered += sorted(set(tables) - set(ordered))
        shown = [*((schemas[name], tables[name]) for name in ordered), (REVISIONS, revisions)]
        _write_cover(book.add_worksheet("Cover"), text, formats)
        _write_contents(book.add_worksheet("Contents"), shown, text, formats)
        _write_notes(book.add_worksheet("Notes"), text, formats)
        for schema, table in shown:
            _write_table(book.add_worksheet(sheet_name(schema)), schema, table, text, formats)


class _Formats:
    def __init__(self, book: Any) -> None:
        self.title: Format = book.add_format({"bold": True, "font_size": 14, "valign": "top"})
        self.header: Format = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self.wrap: Format = book.add_format({"text_wrap": True, "valign": "top"})
        self._numbers: list[Format] = [
            book.add_format({"valign": "top", "num_format": pattern})
            for pattern in ("0.000", "0.00", "0.0", "#,##0")
        ]

    def of_number(self, value: int | float) -> Format:
        """How a number is shown: whole ones as they are, others with fewer decimals the larger they are.

        The cell holds the number in full; only its display is short enough to read.
        """
        if isinstance(value, int):
            return self.wrap
        size = abs(value)
        return self._numbers[sum(size >= limit for limit in (1, 100, 1000))]


def cell_value(column: Column, row: Mapping[str, Any]) -> str | int | float | bool:
    """What stands in a cell: the value itself, or the shorthand that says why there is none."""
    value = row[column.name]
    if value is None:
        if column.data_type in ("varchar", "boolean"):
            return NOT_APPLICABLE
        return _REASONS.get(row.get("null_reason") or "", NOT_AVAILABLE)
    if column.name == "obs_status" and value in STATUS_MARKS:
        return f"{value} {STATUS_MARKS[value]}"
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > 10**15:
        return csv_text(value)
    return value


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
    sheet: Worksheet, shown: list[tuple[TableSchema, pa.Table]], text: WorkbookText, formats: _Formats
) -> None:
    rows: list[list[str | int | float | bool]] = [
        [sheet_name(schema), schema.title, table.num_rows] for schema, table in shown
    ]
    _write_block(
        sheet, "Contents", ["Sheet", "Table", "Rows"], rows, text, "One table a sheet.", formats, "contents"
    )


def _write_notes(sheet: Worksheet, text: WorkbookText, formats: _Formats) -> None:
    rows: list[list[str | int | float | bool]] = [
        [f"[note {number}]", note] for number, note in enumerate(_NOTES, start=1)
    ]
    _write_block(sheet, "Notes", ["Note", "Text"], rows, text, "Notes on all tables.", formats, "notes")


def _write_table(
    sheet: Worksheet, schema: TableSchema, table: pa.Table, text: WorkbookText, formats: _Formats
) -> None:
    columns = sheet_columns(schema)
    rows = [[cell_value(column, row) for column in columns] for row in table.to_pylist()]
    notes = ", ".join(f"[note {number}]" for number in range(1, len(_NOTES) + 1))
    note = f"{schema.description} Release {text.release_id}. See {notes} in the sheet Notes."
    headers = [column.name for column in columns]
    _write_block(sheet, schema.title, headers, rows, text, note, formats, schema.name)


def _write_block(
    sheet: Worksheet,
    title: str,
    headers: list[str],
    rows: list[list[str | int | float | bool]],
    text: WorkbookText,
    note: str,
    formats: _Formats,
    table_name: str,
) -> None:
    """Title in A1, note in A2, the table from A3; a table of no rows keeps one row that says so."""
    rows = rows or [[NOT_APPLICABLE] * len(headers)]
    sheet.write_string(0, 0, text.marked(title), formats.title)
    sheet.write_string(1, 0, note)
    sheet.add_table(
        HEADER_ROW - 1,
        0,
        HEADER_ROW - 1 + len(rows),
        len(headers) - 1,
        {
            "name": table_name,
            "autofilter": False,
            "style": "Table Style Light 15",
            "columns": [{"header": header, "header_format": formats.header} for header in headers],
        },
    )
    for number, row in enumerate(rows, start=HEADER_ROW):
        for position, value in enumerate(row):
            _write_cell(sheet, number, position, value, formats)
    for position, header in enumerate(headers):
        longest = max(_shown_length(row[position]) for row in rows[:1000])
        sheet.set_column(position, position, min(max(longest, len(header)) + 2, 60))
    sheet.ignore_errors({"number_stored_as_text": f"A{HEADER_ROW + 1}:XFD{HEADER_ROW + len(rows)}"})


def _shown_length(value: str | int | float | bool) -> int:
    """Characters a value takes on the sheet."""
    return len(f"{value:,.2f}") if isinstance(value, float) else len(csv_text(value))


def _write_cell(
    sheet: Worksheet, row: int, position: int, value: str | int | float | bool, formats: _Formats
) -> None:
    if isinstance(value, bool):
        sheet.write_boolean(row, position, value, formats.wrap)
    elif isinstance(value, int | float):
        sheet.write_number(row, position, value, formats.of_number(value))
    elif len(value) > _LONGEST_CELL:
        raise CheckError(f"Sheet {sheet.get_name()}, row {row + 1}: a text is longer than a cell can hold.")
    else:
        sheet.write_string(row, position, value, formats.wrap)
