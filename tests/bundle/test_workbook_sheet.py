"""A table sheet holds the bytes which XlsxWriter writes for the same cells."""

import zipfile
from collections.abc import Callable, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from connectors.errors import CheckError
from orchestration.release.tables import state_number
from orchestration.release.workbook_sheet import HEADER_ROW, Formats, TableSheet, Value

HEIGHT = 40  # XlsxWriter states the width of rows in blocks of sixteen
COLUMNS: list[list[Value]] = [
    [f"area {n % 3}" for n in range(HEIGHT)],
    [n % 2 == 0 if n % 5 else "[z]" for n in range(HEIGHT)],
    [2000 + n if n % 7 else "[x]" for n in range(HEIGHT)],
    [state_number(10.0 ** (n % 9 - 4) / 3) if n % 4 else "[c]" for n in range(HEIGHT)],
    [0.0, 1.0, 100.0, 1000.0, -0.5, -1000.25, 1e15, 1e-300, *(n / 8 for n in range(HEIGHT - 8))],
    ["", " blank before", "blank behind ", "<&>\"'", "=1+1", "https://x.org", "a\nb", "\x01", "_x0041_", "Ж"]
    * (HEIGHT // 10),
    *([f"column {n}"] * HEIGHT for n in range(24)),  # beyond column Z
]


def spelled(sheet: TableSheet, position: int, values: Sequence[Value], formats: Formats) -> None:
    sheet.fill(position, values, formats)


def written(sheet: Any, position: int, values: Sequence[Value], formats: Formats) -> None:
    """The same column by the library alone."""
    for row, value in enumerate(values, start=HEADER_ROW):
        shown = formats.of_value(value)
        if isinstance(value, bool):
            sheet.write_boolean(row, position, value, shown)
        elif isinstance(value, str):
            sheet.write_string(row, position, value, shown)
        else:
            sheet.write_number(row, position, value, shown)


def workbook(kind: type, write: Callable[..., None], columns: Sequence[Sequence[Value]]) -> bytes:
    raw = BytesIO()
    with xlsxwriter.Workbook(raw) as book:
        book.set_properties({"created": datetime(2026, 3, 1)})
        formats = Formats(book)
        for shown in book.formats:
            shown._get_xf_index()  # else they are numbered as they are used, which is at another time
        for name in ("one", "two"):
            sheet = book.add_worksheet(name, kind)
            for position in (*range(1, len(columns)), 0):
                write(sheet, position, columns[position], formats)
            sheet.write_string(0, 0, "title", formats.title)
            sheet.write_string(1, 0, "area 1")
            header = [{"header": f"h{n}", "header_format": formats.header} for n, _ in enumerate(columns)]
            last = HEADER_ROW - 1 + len(columns[0])
            sheet.add_table(HEADER_ROW - 1, 0, last, len(columns) - 1, {"columns": header})
    return raw.getvalue()


def parts(raw: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(raw)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize("height", [1, 12, 13, 14, HEIGHT])
def test_the_bytes_are_those_which_the_library_writes(height: int) -> None:
    columns = [values[:height] for values in COLUMNS]
    ours, theirs = (parts(workbook(*way, columns)) for way in ((TableSheet, spelled), (Worksheet, written)))
    assert list(ours) == list(theirs)
    for name, raw in theirs.items():
        assert ours[name] == raw, name


def test_values_are_read_back_with_their_kinds() -> None:
    sheet = openpyxl.load_workbook(BytesIO(workbook(TableSheet, spelled, COLUMNS)))["two"]
    assert sheet.dimensions == f"A1:AD{HEADER_ROW + HEIGHT}"
    for position in range(5):
        found = [row[position] for row in sheet.iter_rows(min_row=HEADER_ROW + 1, values_only=True)]
        assert found == COLUMNS[position]
        assert [isinstance(v, bool) for v in found] == [isinstance(v, bool) for v in COLUMNS[position]]


@pytest.mark.parametrize(
    ("value", "shown"),
    [(-0.5, "0.000"), (1.0, "0.00"), (-99.9, "0.00"), (100.0, "0.0"), (1000.0, "#,##0"), (2000, "General")],
)
def test_a_number_is_shown_with_fewer_decimals_the_larger_it_is(value: float, shown: str) -> None:
    sheet = openpyxl.load_workbook(BytesIO(workbook(TableSheet, spelled, [[value]])))["one"]
    assert (sheet["A4"].value, sheet["A4"].number_format) == (value, shown)


@pytest.mark.parametrize("longest", ["x" * 32_767, "𝄞" * 16_383], ids=["letters", "pairs"])
def test_a_text_longer_than_a_cell_is_refused(longest: str) -> None:
    fits = [["a", longest, "b"]]
    sheet = openpyxl.load_workbook(BytesIO(workbook(TableSheet, spelled, fits)))["one"]
    assert sheet["A5"].value == longest
    with pytest.raises(CheckError, match=r"Sheet one, row 5: a text is longer than a cell can hold\."):
        workbook(TableSheet, spelled, [["a", longest + "𝄞", "b"]])
