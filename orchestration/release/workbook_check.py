"""Audit of a finished workbook by the spreadsheet rules of release.md, section 7.

What belongs here: structure and properties of the file. What does not: its numbers (number_check.py), marks.
"""

from collections.abc import Iterator
from typing import Any

from openpyxl.utils import get_column_letter

from orchestration.release.findings import Content, Finding
from orchestration.release.workbook import front_sheets
from orchestration.release.workbook_read import SheetCells, WorkbookContent
from orchestration.release.workbook_sheet import HEADER_ROW, NUMBER_FORMATS

CHECK = "workbook rules"
_FORBIDDEN_PARTS = ("vbaProject", "/media/", "/drawings/", "/charts/", "externalLink", "/comments")


def check_workbook(content: Content) -> Iterator[Finding]:
    """Every breach of the rules; nothing if a workbook is missing, which another check reports."""
    for language, workbook in content.workbooks.items():
        file = content.files.workbooks[language]
        yield from (Finding(CHECK, file, sentence) for sentence in audit_workbook(workbook, language))


def audit_workbook(workbook: WorkbookContent, language: str) -> Iterator[str]:
    """The breaches of the rules in a workbook of that language, one sentence each."""
    front = front_sheets(language)
    for part in workbook.parts:
        if any(word in part for word in _FORBIDDEN_PARTS):
            yield f"contains {part}: no macros, images, charts, comments or outside links."
    book = workbook.shell
    properties = book.properties
    if not properties.title or not properties.creator:
        yield "states no title or no author."
    if not any(p.name == "Language" and p.value == language for p in book.custom_doc_props.props):
        yield "does not state its language."
    if tuple(book.sheetnames[:3]) != front:
        yield f"does not begin with the sheets {', '.join(front)}."
    if book.active is None or book.active.title != book.sheetnames[0]:
        yield "does not open on its first sheet."
    if len(book.defined_names):
        yield "holds defined names."
    for pattern in sorted(workbook.number_formats - {"General", *NUMBER_FORMATS}):
        yield f"shows numbers in the format {pattern}, which may say something else than they are."
    table_names: set[str] = set()
    for sheet in book.worksheets:
        cells = workbook.sheets[sheet.title]
        yield from (f"sheet {sheet.title} {fault}" for fault in _sheet_faults(sheet, cells, front[0]))
        table_names |= set(sheet.tables)
    if sum(len(sheet.tables) for sheet in book.worksheets) != len(table_names):
        yield "uses a table name twice."


def _sheet_faults(sheet: Any, cells: SheetCells, cover: str) -> Iterator[str]:
    if cells.last_row < 2 or cells.title is None:
        yield "is blank or has no title in A1."
    if sheet.merged_cells.ranges:
        yield "has merged cells."
    if sheet.freeze_panes is not None or any(view.pane is not None for view in sheet.views.sheetView):
        yield "has frozen or split panes."
    if cells.hidden_rows or any(column.hidden for column in sheet.column_dimensions.values()):
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
    if sheet.title != cover:
        yield from _table_faults(sheet, cells)
    yield from _cell_faults(sheet, cells)


def _table_faults(sheet: Any, cells: SheetCells) -> Iterator[str]:
    tables = list(sheet.tables.values())
    if len(tables) != 1:
        yield f"holds {len(tables)} marked-up tables instead of one."
    elif tables[0].ref != f"A{HEADER_ROW}:{get_column_letter(cells.last_column or 1)}{cells.last_row}":
        yield f"has cells outside its table {tables[0].ref}, or blank ones inside."
    if cells.first_empty is not None:
        yield f"has an empty cell {cells.first_empty}; a shorthand must say why."


def _cell_faults(sheet: Any, cells: SheetCells) -> Iterator[str]:
    """The first formula, and every link: these stand apart from the cells they belong to."""
    if cells.first_formula is not None:
        yield f"has a formula or link in {cells.first_formula}."
    for row in sheet.iter_rows():
        for cell in row:
            if cell.hyperlink is not None:
                yield f"has a formula or link in {cell.coordinate}."
