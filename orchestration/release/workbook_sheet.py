"""A sheet with one table, whose rows below the header are spelled a column at a time.

What belongs here: how a value is spelled and shown in a cell. What does not: which values (workbook.py).
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from connectors.errors import CheckError

HEADER_ROW = 3
"""Rows count from 1: title, note, header; the first row of data follows."""

NUMBER_FORMATS = ("0.000", "0.00", "0.0", "#,##0")
"""How numbers are shown: below 1, below 100, below 1000, and from there on."""

_LONGEST_CELL = 32_767
"""In units of UTF-16, as spreadsheets count."""

Value = str | int | float | bool


class Formats:
    """The formats of one workbook."""

    def __init__(self, book: Any) -> None:
        self.title: Format = book.add_format({"bold": True, "font_size": 14, "valign": "top"})
        self.header: Format = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self.wrap: Format = book.add_format({"text_wrap": True, "valign": "top"})
        self._numbers: list[Format] = [
            book.add_format({"valign": "top", "num_format": pattern}) for pattern in NUMBER_FORMATS
        ]

    def of_value(self, value: Value) -> Format:
        """How a value is shown: numbers that are not whole with fewer decimals the larger they are.

        The cell holds the number in full; only its display is short enough to read.
        """
        if not isinstance(value, float):
            return self.wrap
        size = abs(value)
        return self._numbers[sum(size >= limit for limit in (1, 100, 1000))]


class TableSheet(Worksheet):
    """A worksheet of which XlsxWriter writes title, note and header, and `fill` takes the data below.

    XlsxWriter keeps an object for each cell and spells each for itself: the millions of cells of a release
    took 18 s and 0.6 GB a workbook. The columns of a table repeat few values: each is spelled once a column
    here. The bytes are those which XlsxWriter would write. A test holds that (test_workbook_sheet.py), as
    this rests on what the library does not promise: `_write_rows`, its table of texts, a format's index.
    """

    def __init__(self) -> None:
        super().__init__()
        self._filled: dict[int, list[str]] = {}

    def fill(self, column: int, values: Sequence[Value], formats: Formats) -> None:
        """The values below the header in the column at that place, counted from 0.

        They are of one kind, or texts where there is no value; numbers are finite (tables.py). Columns may
        come in any order, but without a gap, and are of one length. Raises CheckError for a text which is
        longer than a cell can hold.
        """
        counted = Counter(values)
        spelled = {value: self._spell(value, formats) for value in counted}
        for value in spelled:
            if isinstance(value, str) and len(value.encode("utf-16-le")) > 2 * _LONGEST_CELL:
                row = HEADER_ROW + 1 + values.index(value)
                raise CheckError(
                    f"Sheet {self.get_name()}, row {row}: a text is longer than a cell can hold."
                )
        self.str_table.count += sum(n - 1 for value, n in counted.items() if isinstance(value, str))
        self._filled[column] = [spelled[value] for value in values]
        self.dim_rowmax = HEADER_ROW - 1 + len(values)

    def _spell(self, value: Value, formats: Formats) -> str:
        """A cell, but for the name of its column and row, with which it begins."""
        shown = formats.of_value(value)._get_xf_index()
        if isinstance(value, str):
            return f'" s="{shown}" t="s"><v>{self.str_table._get_shared_string_index(value)}</v></c>'
        if isinstance(value, bool):
            return f'" s="{shown}" t="b"><v>{value:d}</v></c>'
        return f'" s="{shown}"><v>{value:.16G}</v></c>'

    def _write_rows(self) -> None:
        super()._write_rows()
        columns = [self._filled[column] for column in sorted(self._filled)]
        starts = [f'<c r="{xl_col_to_name(column)}' for column in sorted(self._filled)]
        for row, cells in enumerate(zip(*columns, strict=True), start=HEADER_ROW + 1):
            pairs = zip(starts, cells, strict=True)
            spelled = "".join([f"{start}{row}{cell}" for start, cell in pairs])
            self.fh.write(f'<row r="{row}" spans="1:{len(starts)}">{spelled}</row>')
        self._filled.clear()  # a finished book stays in memory for a while: its parts refer to each other
