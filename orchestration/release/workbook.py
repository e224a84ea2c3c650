"""The workbooks of a bundle, one a language: cover, contents, notes, then one table a sheet.

What belongs here: the layout of release.md section 7, and what stands in a cell without a value.
What does not: how a cell is spelled (workbook_sheet.py), names in a language (workbook_names.py), words
(texts/workbook.yaml), numbers (tables.py), checking a finished workbook (workbook_check.py).

What is the same in all languages is written first: then the sheets of two workbooks hold the same bytes where
they state the same, and the second need not be read cell by cell (workbook_read.py).
Shorthand letters follow the UK Analysis Function's guidance on symbols (not yet confirmed for UNECE).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from io import BytesIO
from typing import Any

import pyarrow as pa
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from orchestration.release.marks import ILLUSTRATIVE_MARK
from orchestration.release.schema import PREFIX, REVISIONS, Column, TableSchema
from orchestration.release.tables import csv_text
from orchestration.release.wording import ENGLISH, say, table_description, table_title
from orchestration.release.workbook_names import NamesIn, localise, localised_columns, read_names
from orchestration.release.workbook_sheet import HEADER_ROW, Formats, TableSheet, Value

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

_LARGEST_WHOLE = 10**15
"""A spreadsheet keeps 15 digits: a longer whole number is written as text."""

_TEXTS = "workbook"
_NOTES = ("note_1", "note_2", "note_3", "note_4")


@dataclass(frozen=True)
class WorkbookText:
    """What a workbook says about its release; `title` is the plan's, in the language of the workbook."""

    title: str
    release_id: str
    issued: date
    illustrative: bool
    language: str = ENGLISH

    def marked(self, text: str) -> str:
        """`text`, followed by the mark if the data are illustrative."""
        return f"{text} – {ILLUSTRATIVE_MARK}" if self.illustrative else text

    def say(self, key: str, **values: object) -> str:
        """The words of the workbook in its language."""
        return say(_TEXTS, key, self.language, **values)


def front_sheets(language: str) -> tuple[str, str, str]:
    """Names of the first sheets, in their order: cover, contents, notes."""
    return say(_TEXTS, "cover", language), say(_TEXTS, "contents", language), say(_TEXTS, "notes", language)


def contents_header(language: str) -> tuple[str, ...]:
    """Headings of the sheet of contents."""
    return tuple(say(_TEXTS, key, language) for key in ("sheet", "table", "table_title", "rows"))


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


def contents_columns(listed: Sequence[Listed], language: str) -> list[list[Value]]:
    """The columns of the sheet of contents, in the order of its headings."""
    return [
        [sheet_name(schema) if schema.in_workbook else NOT_APPLICABLE for schema, _ in listed],
        [schema.name for schema, _ in listed],
        [table_title(schema, language) for schema, _ in listed],
        [table.num_rows for _, table in listed],
    ]


def render_workbook(
    tables: Mapping[str, pa.Table],
    schemas: Mapping[str, TableSchema],
    revisions: pa.Table,
    text: WorkbookText,
) -> bytes:
    """The workbook as a file. The same input gives the same bytes: its creation date is the plan's.

    Raises CheckError if a text is longer than a cell can hold, or a word or name is missing in the language.
    """
    listed = in_order([(schemas[name], table) for name, table in tables.items()], revisions)
    names = read_names(tables, text.language)
    cover, contents, notes = front_sheets(text.language)
    raw = BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(raw, options) as book:
        _describe(book, text)
        formats = Formats(book)
        front = [
            book.add_worksheet(cover),
            *(book.add_worksheet(name, TableSheet) for name in (contents, notes)),
        ]
        blocks = [_table_block(schema, table, names, text) for schema, table in listed if schema.in_workbook]
        sheets = [book.add_worksheet(block.sheet, TableSheet) for block in blocks]
        for sheet, block in zip(sheets, blocks, strict=True):
            _write_shared(sheet, block, formats)
        _write_cover(front[0], text, formats)
        own = [_contents_block(listed, text), _notes_block(text), *blocks]
        for sheet, block in zip([*front[1:], *sheets], own, strict=True):
            _write_own(sheet, block, text, formats)
    return raw.getvalue()


def _describe(book: Any, text: WorkbookText) -> None:
    book.set_properties(
        {
            "title": text.marked(text.title),
            "author": text.say("author"),
            "company": text.say("author"),
            "created": datetime.combine(text.issued, time()),
            "comments": text.say("release", release=text.release_id),
        }
    )
    book.set_custom_property("Language", text.language, "text")


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


def _write_cover(sheet: Worksheet, text: WorkbookText, formats: Formats) -> None:
    lines = [
        text.marked(text.title),
        *([text.say("invented")] if text.illustrative else []),
        text.say("release_of", release=text.release_id, date=text.issued.isoformat()),
        text.say("author"),
        *(text.say(key) for key in ("subject", "guide", "terms")),
    ]
    sheet.set_column(0, 0, 100)
    for row, line in enumerate(lines):
        sheet.write_string(row, 0, line, formats.title if row == 0 else formats.wrap)


@dataclass(frozen=True)
class _Block:
    """A sheet with a table: `table_name` is its name in Excel, `columns` its values below `header`.

    `own` are the places of the columns which differ between languages."""

    sheet: str
    title: str
    header: tuple[str, ...]
    columns: list[list[Value]]
    note: str
    table_name: str
    own: frozenset[int] = frozenset()

    @property
    def last_row(self) -> int:
        """Row of the last values, counted from 0; a table of no rows keeps one row that says so."""
        return HEADER_ROW - 1 + len(self.columns[0])


def _contents_block(listed: Sequence[Listed], text: WorkbookText) -> _Block:
    title, note = text.say("contents"), text.say("contents_note", mark=NOT_APPLICABLE)
    columns = contents_columns(listed, text.language)
    own = frozenset(range(len(columns)))
    return _Block(title, title, contents_header(text.language), columns, note, "contents", own)


def _notes_block(text: WorkbookText) -> _Block:
    marks = {"confidential": CONFIDENTIAL, "not_available": NOT_AVAILABLE, "not_applicable": NOT_APPLICABLE}
    columns: list[list[Value]] = [[*_note_marks()], [text.say(key, **marks) for key in _NOTES]]
    title, header, own = text.say("notes"), (text.say("note"), text.say("text")), frozenset((0, 1))
    return _Block(title, title, header, columns, text.say("notes_on_all"), "notes", own)


def _note_marks() -> list[str]:
    return [f"[note {number}]" for number in range(1, len(_NOTES) + 1)]


def _table_block(schema: TableSchema, table: pa.Table, names: NamesIn, text: WorkbookText) -> _Block:
    alone = localised_columns(schema)
    own = frozenset(n for n, column in enumerate(sheet_columns(schema)) if column in alone)
    schema, table = localise(schema, table, names)
    columns = sheet_columns(schema)
    note = text.say(
        "see_notes",
        description=table_description(schema, text.language),
        release=text.release_id,
        notes=", ".join(_note_marks()),
    )
    return _Block(
        sheet=sheet_name(schema),
        title=table_title(schema, text.language),
        header=tuple(column.name for column in columns),
        columns=[cell_values(column, table) or [NOT_APPLICABLE] for column in columns],
        note=note,
        table_name=schema.name,
        own=own,
    )


def _write_shared(sheet: TableSheet, block: _Block, formats: Formats) -> None:
    """The columns which are the same in every language."""
    for position, values in enumerate(block.columns):
        if position not in block.own:
            sheet.fill(position, values, formats)


def _write_own(sheet: TableSheet, block: _Block, text: WorkbookText, formats: Formats) -> None:
    """Title in A1, note in A2, the headings from A3, the columns of this language."""
    sheet.write_string(0, 0, text.marked(block.title), formats.title)
    sheet.write_string(1, 0, block.note)
    sheet.add_table(
        HEADER_ROW - 1,
        0,
        block.last_row,
        len(block.columns) - 1,
        {
            "name": block.table_name,
            "autofilter": False,
            "style": "Table Style Light 15",
            "columns": [{"header": name, "header_format": formats.header} for name in block.header],
        },
    )
    sheet.table_cells.clear()  # a note of every cell (300 MB) lest another table overlap this one; none does
    for position, (name, values) in enumerate(zip(block.header, block.columns, strict=True)):
        if position in block.own:
            sheet.fill(position, values, formats)
        longest = max(map(_shown_length, set(values[:1000])))
        sheet.set_column(position, position, min(max(longest, len(name)) + 2, 60))
    sheet.ignore_errors({"number_stored_as_text": f"A{HEADER_ROW + 1}:XFD{block.last_row + 1}"})


def _shown_length(value: Value) -> int:
    """Characters a value takes on the sheet."""
    return len(f"{value:,.2f}") if isinstance(value, float) else len(csv_text(value))
