"""Audit of a finished workbook by the spreadsheet rules of release.md, section 7.

What belongs here: structure and properties of the file. What does not: its numbers (number_check.py), marks.
"""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl

from orchestration.release.findings import Content, Finding
from orchestration.release.workbook import HEADER_ROW

CHECK = "workbook rules"
FRONT = ["Cover", "Contents", "Notes"]
_FORBIDDEN_PARTS = ("vbaProject", "/media/", "/drawings/", "/charts/", "externalLink", "/comments")


def check_workbook(content: Content) -> Iterator[Finding]:
    """Every breach of the rules; nothing if the workbook is missing, which another check reports."""
    file = content.files.workbook
    path = content.folder / file
    if path.is_file():
        yield from (Finding(CHECK, file, sentence) for sentence in audit_workbook(path))


def audit_workbook(path: Path) -> Iterator[str]:
    """The breaches of the rules in a workbook, one sentence each."""
    with zipfile.ZipFile(path) as archive:
        for part in archive.namelist():
            if any(word in part for word in _FORBIDDEN_PARTS):
                yield f"contains {part}: no macros, images, charts, comments or outside links."
    book = openpyxl.load_workbook(path)
    properties = book.properties
    if not properties.title or not properties.creator:
        yield "states no title or no author."
    if not any(p.name == "Language" and p.value == "en" for p in book.custom_doc_props.props):
        yield "does not state its language."
    if book.sheetnames[:3] != FRONT:
        yield f"does not begin with the sheets {', '.join(FRONT)}."
    if book.active is None or book.active.title != book.sheetnames[0]:
        yield "does not open on its first sheet."
    if len(book.defined_names):
        yield "holds defined names."
    table_names: set[str] = set()
    for sheet in book.worksheets:
        yield from (f"sheet {sheet.title} {fault}" for fault in _sheet_faults(sheet))
        table_names |= set(sheet.tables)
    if sum(len(sheet.tables) for sheet in book.worksheets) != len(table_names):
        yield "uses a table name twice."


def _sheet_faults(sheet: Any) -> Iterator[str]:
    if sheet.max_row < 2 or sheet["A1"].value is None:
        yield "is blank or has no title in A1."
    if sheet.merged_cells.ranges:
        yield "has merged cells."
    if sheet.freeze_panes is not None or any(view.pane is not None for view in sheet.views.sheetView):
        yield "has frozen or split panes."
    if any(row.hidden for row in sheet.row_dimensions.values()) or any(
        column.hidden for column in sheet.column_dimensions.values()
    ):
        yield "has hidden rows or columns."
    if sheet.sheet_state != "visible":
        yield "is hidden."
    if sheet.auto_filter.ref or any(table.autoFilter for table in sheet.tables.values()):
        yield "has a filter."
    parts = (sheet.oddHeader, sheet.oddFooter, sheet.evenHeader, sheet.evenFooter, sheet.firstHeader)
    if any(getattr(part, side).text for part in parts for side in ("left", "center", "right")):
        yield "has a header or footer."
    if any(
        view.selection and view.selection[0].activeCell not in (None, "A1") for view in sheet.views.sheetView
    ):
        yield "does not have its cursor in A1."
    yield from _table_faults(sheet)
    yield from _cell_faults(sheet)


def _table_faults(sheet: Any) -> Iterator[str]:
    if sheet.title == FRONT[0]:
        return
    tables = list(sheet.tables.values())
    if len(tables) != 1:
        yield f"holds {len(tables)} marked-up tables instead of one."
        return
    last = sheet.cell(sheet.max_row, sheet.max_column).coordinate
    if tables[0].ref != f"A{HEADER_ROW}:{last}":
        yield f"has cells outside its table {tables[0].ref}, or blank ones inside."


def _cell_faults(sheet: Any) -> Iterator[str]:
    """The first formula or link, and the first empty cell of the table."""
    is_table = sheet.title != FRONT[0]
    for number, row in enumerate(sheet.iter_rows(), start=1):
        for cell in row:
            if cell.data_type == "f" or cell.hyperlink is not None:
                yield f"has a formula or link in {cell.coordinate}."
                return
            if is_table and number >= HEADER_ROW and cell.value in (None, ""):
                yield f"has an empty cell {cell.coordinate}; a shorthand must say why."
                return
