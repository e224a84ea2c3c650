"""The cells of a workbook as they are read for the checks, beside what openpyxl reads."""

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from orchestration.release.workbook_read import SheetCells, read_workbook

NAME = "ILLUSTRATIVE_tables_en.xlsx"


def _plain(value: object) -> object:
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def test_every_cell_is_what_openpyxl_reads(finished: Path) -> None:
    found = read_workbook(finished / NAME)
    book = openpyxl.load_workbook(finished / NAME)
    assert list(found.sheets) == book.sheetnames == found.shell.sheetnames
    for name, cells in found.sheets.items():
        title, _, header, *rows = book[name].iter_rows(values_only=True)
        assert (cells.title, tuple(cells.header)) == (title[0], header)
        assert [tuple(row) for row in zip(*cells.columns, strict=True)] == [
            tuple(_plain(value) for value in row) for row in rows
        ]
        assert (cells.last_row, cells.last_column) == (book[name].max_row, book[name].max_column)
        assert (cells.first_empty, cells.first_formula, cells.hidden_rows) == (None, None, False)
        assert not any(cell.value for row in found.shell[name].iter_rows() for cell in row)


def _made(path: Path, fill: Callable[[Any, Any], object], **options: Any) -> SheetCells:
    """A sheet with a title, a note and the header a, b, c; `fill` writes below it."""
    with xlsxwriter.Workbook(str(path), options) as book:
        sheet = book.add_worksheet("s")
        sheet.write_string(0, 0, "title")
        sheet.write_row(2, 0, ["a", "b", "c"])
        fill(sheet, book)
    return read_workbook(path).sheets["s"]


@pytest.mark.parametrize("inline", [False, True])
@pytest.mark.parametrize("text", [" blank before", "two\nlines", "_x0041_", "bell \x07", "<&>", "é Ж", "14"])
def test_a_text_is_read_as_it_was_written(tmp_path: Path, text: str, inline: bool) -> None:
    """Also where it stands in the cell itself and not in the list of texts."""
    cells = _made(
        tmp_path / "x.xlsx", lambda s, _: s.write_row(3, 0, [text, 1.5, True]), constant_memory=inline
    )
    assert cells.columns == [[text], [1.5], [True]]


def test_the_runs_of_a_text_are_joined(tmp_path: Path) -> None:
    def fill(sheet: Any, book: Any) -> None:
        sheet.write_rich_string(3, 0, "one ", book.add_format({"bold": True}), "two", " three")
        sheet.write_row(3, 1, [1, 2])

    assert _made(tmp_path / "x.xlsx", fill).columns == [["one two three"], [1.0], [2.0]]


@pytest.mark.parametrize(
    ("rows", "first_empty", "columns"),
    [
        ({3: [1, 2, 3], 4: [4, 5, 6]}, None, [[1, 4], [2, 5], [3, 6]]),
        ({3: [1, 2, 3], 4: [4, 5]}, "C5", [[1], [2], [3]]),
        ({3: [1, None, 3]}, "B4", [[], [], []]),
        ({3: [1, "", 3]}, "B4", [[], [], []]),
        ({3: [1, 2, 3], 6: [4, 5, 6]}, "A5", [[1], [2], [3]]),
        ({3: [1, 2, 3, 4]}, None, [[1], [2], [3]]),
    ],
)
def test_the_first_empty_cell_is_named_and_ends_the_columns(
    tmp_path: Path, rows: dict[int, list[Any]], first_empty: str | None, columns: list[list[float]]
) -> None:
    def fill(sheet: Any, book: Any) -> None:
        for number, values in rows.items():
            for position, value in enumerate(values):
                if value is not None:
                    sheet.write(number, position, value, book.add_format({"bold": True}))

    cells = _made(tmp_path / "x.xlsx", fill)
    assert (cells.first_empty, cells.columns) == (first_empty, columns)
    assert cells.height == max(rows) - 2
    assert cells.last_column == max(3, *(len(values) for values in rows.values()))


def test_a_formula_and_a_hidden_row_are_seen(tmp_path: Path) -> None:
    def fill(sheet: Any, _: Any) -> None:
        sheet.write_row(3, 0, [1, 2])
        sheet.write_formula(3, 2, "=A4+B4", value=3)
        sheet.set_row(3, options={"hidden": True})

    cells = _made(tmp_path / "x.xlsx", fill)
    assert (cells.first_formula, cells.hidden_rows) == ("C4", True)


@pytest.mark.parametrize(
    ("old", "new"), [('r="A4"', 'r="C4"'), ('r="B4"', 'r="B9"'), ('<row r="4"', '<row r="2"')]
)
def test_cells_out_of_order_are_refused(tmp_path: Path, old: str, new: str) -> None:
    _made(tmp_path / "x.xlsx", lambda s, _: s.write_row(3, 0, [1, 2, 3]))
    with (
        zipfile.ZipFile(tmp_path / "x.xlsx") as good,
        zipfile.ZipFile(tmp_path / "bad.xlsx", "w") as bad,
    ):
        for part in good.namelist():
            text = good.read(part)
            if part == "xl/worksheets/sheet1.xml":
                assert old.encode() in text
                text = text.replace(old.encode(), new.encode())
            bad.writestr(part, text)
    with pytest.raises(ValueError, match="not in order"):
        read_workbook(tmp_path / "bad.xlsx")
