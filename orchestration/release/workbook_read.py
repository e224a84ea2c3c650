"""A finished workbook, read once for all checks.

What belongs here: taking the cells out of the sheets, and giving what is left of them to openpyxl.
What does not: judging cells (number_check.py) or structure (workbook_check.py).

openpyxl makes an object of each cell, which takes minutes and gigabytes for a release. So the rows are taken
off each sheet while it is parsed, and openpyxl reads a copy of the workbook whose sheets have none.
A workbook in another language has most of its sheets in the same bytes: these are read once.
"""

import hashlib
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Any

import openpyxl
from lxml import etree
from openpyxl.styles.numbers import builtin_format_code
from openpyxl.utils import coordinate_to_tuple, get_column_letter

from orchestration.release.workbook_sheet import HEADER_ROW

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_VALUE, _INLINE, _FORMULA = (f"{_MAIN}{tag}" for tag in ("v", "is", "f"))
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_BOOK, _STRINGS = "xl/workbook.xml", "xl/sharedStrings.xml"
_FIRST_BELOW = f'<row r="{HEADER_ROW + 1}"'.encode()
_END_OF_ROWS = b"</sheetData>"
_TEXT_CELL = re.compile(rb' t="s"><v>(\d+)</v>')
_TYPE = re.compile(rb"\st\s*=")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")

Cell = str | float | bool | None


@dataclass
class SheetCells:
    """The cells of one sheet: A1, the header row, and below it one list a column, as wide as the header.

    `columns` ends before the first empty cell, which `first_empty` names ("B7"); `first_formula` likewise.
    `last_row` and `last_column` are the largest in which there is any cell.
    """

    title: Cell = None
    header: list[Cell] = field(default_factory=list)
    columns: list[list[Cell]] = field(default_factory=list)
    last_row: int = 0
    last_column: int = 0
    first_empty: str | None = None
    first_formula: str | None = None
    hidden_rows: bool = False

    def above(self, body: "SheetCells") -> "SheetCells":
        """These cells down to the header, which is whole, and those of `body` below it."""
        return replace(
            self,
            columns=body.columns,
            last_row=body.last_row,
            last_column=max(self.last_column, body.last_column),
            first_empty=self.first_empty or body.first_empty,
            first_formula=self.first_formula or body.first_formula,
            hidden_rows=self.hidden_rows or body.hidden_rows,
        )

    @property
    def height(self) -> int:
        """How many rows there are below the header."""
        return max(self.last_row - HEADER_ROW, 0)

    def add(self, number: int, values: list[Cell]) -> None:
        """Take row `number`, which lies below all rows before it."""
        previous, self.last_row = self.last_row, number
        self.last_column = max(self.last_column, len(values))
        if number == 1 and values:
            self.title = values[0]
        if number < HEADER_ROW or self.first_empty is not None:
            return
        if number == HEADER_ROW:
            self.header, self.columns = values, [[] for _ in values]
        elif previous != number - 1:
            self.first_empty = f"A{max(previous + 1, HEADER_ROW)}"
            return
        width = len(self.header)
        values = [*values[:width], *[None] * (width - len(values))]
        if None in values or "" in values:
            self.first_empty = f"{_letters(next(n for n, v in enumerate(values) if v in (None, '')))}{number}"
        elif number > HEADER_ROW:
            for column, value in zip(self.columns, values, strict=True):
                column.append(value)


@dataclass(frozen=True)
class WorkbookContent:
    """A workbook: the names of its parts, its cells by sheet, and the rest of it as openpyxl reads it.

    `texts` are its shared strings, `bodies` the sheets by the hash of their bytes below the header.
    """

    parts: tuple[str, ...]
    sheets: dict[str, SheetCells]
    number_formats: frozenset[str]
    shell: Any
    texts: list[str]
    bodies: Mapping[bytes, SheetCells]


def read_workbook(path: Path, like: WorkbookContent | None = None) -> WorkbookContent:
    """Read the workbook in `path`, which may be a stranger's.

    A sheet whose bytes below the header are those of a sheet of `like`, with the same texts behind them, has
    that sheet's columns, the very same lists. Raises what zipfile, lxml and openpyxl raise, and ValueError or
    KeyError for a sheet whose cells are not in order.
    """
    emptied: dict[str, bytes] = {}
    with zipfile.ZipFile(path) as archive:
        texts = _read_texts(archive)
        shared = _shared_texts(texts, like.texts) if like else 0
        sheets: dict[str, SheetCells] = {}
        bodies: dict[bytes, SheetCells] = {}
        for name, part in _sheet_parts(archive):
            raw = archive.read(part)
            head, body, tail = _split(raw)
            digest = hashlib.sha256(body).digest()
            known = like.bodies.get(digest) if like and _texts_below(body, shared) else None
            sheets[name], emptied[part] = _read_sheet(raw if known is None else head + tail, part, texts)
            if known is not None:
                sheets[name] = sheets[name].above(known)
            bodies[digest] = sheets[name]
        emptied[_STRINGS] = etree.tostring(etree.Element(f"{_MAIN}sst"))
        parts = archive.namelist()
        copy = BytesIO()
        with zipfile.ZipFile(copy, "w") as shell:
            for part in parts:
                shell.writestr(part, emptied[part] if part in emptied else archive.read(part))
        formats = _read_formats(archive)
    return WorkbookContent(tuple(parts), sheets, formats, openpyxl.load_workbook(copy), texts, bodies)


def _split(raw: bytes) -> tuple[bytes, bytes, bytes]:
    """A sheet before its first row below the header, its rows from there on, and what follows the rows."""
    start, end = raw.find(_FIRST_BELOW), raw.rfind(_END_OF_ROWS)
    return (raw[:start], raw[start:end], raw[end:]) if 0 <= start < end else (raw, b"", b"")


def _shared_texts(texts: Sequence[str], others: Sequence[str]) -> int:
    """How many shared strings both workbooks begin with."""
    pairs = enumerate(zip(texts, others, strict=False))
    return next((n for n, (one, other) in pairs if one != other), min(len(texts), len(others)))


def _texts_below(body: bytes, limit: int) -> bool:
    """Whether the rows use no shared string but the first `limit`; False for rows in another spelling."""
    used = _TEXT_CELL.findall(body)
    typed = len(used) + body.count(b' t="b"><v>')
    return bool(body) and len(_TYPE.findall(body)) == typed and all(int(n) < limit for n in set(used))


def _read_formats(archive: zipfile.ZipFile) -> frozenset[str]:
    """The number formats of all cells: a number in the format of a date would be shown as one."""
    styles = _read_part(archive, "xl/styles.xml")
    own = {item.get("numFmtId"): item.get("formatCode") for item in styles.iter(f"{_MAIN}numFmt")}
    used = {style.get("numFmtId", "0") for group in styles.iter(f"{_MAIN}cellXfs") for style in group}
    return frozenset(own.get(key) or builtin_format_code(int(key)) or f"number {key}" for key in used)


def _read_part(archive: zipfile.ZipFile, part: str) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return etree.fromstring(archive.read(part), parser)


def _parse(stream: Any, tag: str) -> Any:
    """Elements `tag` as they are read; nothing the file names is opened, no entity is put in."""
    return etree.iterparse(
        stream, tag=f"{_MAIN}{tag}", resolve_entities=False, no_network=True, load_dtd=False
    )


def _sheet_parts(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Name and part of each worksheet, in order; a sheet of charts has no cells."""
    relations = _read_part(archive, "xl/_rels/workbook.xml.rels")
    targets = {r.get("Id"): r.get("Target") for r in relations if r.get("Type").endswith("/worksheet")}
    for sheet in _read_part(archive, _BOOK).iter(f"{_MAIN}sheet"):
        target = targets.get(sheet.get(_RELATION))
        if target is not None:
            yield sheet.get("name"), str(PurePosixPath("/xl") / target).lstrip("/")


def _read_texts(archive: zipfile.ZipFile) -> list[str]:
    """The shared strings, whose number stands in a cell of text."""
    if _STRINGS not in archive.namelist():
        return []
    texts: list[str] = []
    with archive.open(_STRINGS) as stream:
        for _, item in _parse(stream, "si"):
            texts.append(_text_of(item))
            _drop(item)
    return texts


def _text_of(item: Any) -> str:
    """Plain text, or that of its runs; without the readings of Japanese words, which are not shown."""
    runs = [item, *item.iterchildren(f"{_MAIN}r")]
    text = "".join(t.text or "" for run in runs for t in run.iterchildren(f"{_MAIN}t"))
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _read_sheet(raw: bytes, part: str, texts: Sequence[str]) -> tuple[SheetCells, bytes]:
    """The cells of a sheet, and the sheet without its rows."""
    cells = SheetCells()
    rows = _parse(BytesIO(raw), "row")
    for _, row in rows:
        number = int(row.get("r") or cells.last_row + 1)
        if number <= cells.last_row:
            raise ValueError(f"row {number} of {part} is not in order")
        cells.hidden_rows = cells.hidden_rows or row.get("hidden") in ("1", "true")
        cells.add(number, _read_row(row, number, texts, cells))
        _drop(row)
    for data in rows.root.iter(f"{_MAIN}sheetData"):
        data.clear()
    return cells, etree.tostring(rows.root)


def _drop(element: Any) -> None:
    """Free an element that was read, and those before it."""
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]


def _read_row(row: Any, number: int, texts: Sequence[str], cells: SheetCells) -> list[Cell]:
    values: list[Cell] = []
    ending = str(number)
    for cell in row:
        name = cell.get("r")
        if name is not None and name != _letters(len(values)) + ending:
            at_row, at_column = coordinate_to_tuple(name)
            if at_row != number or at_column <= len(values):
                raise ValueError(f"cell {name} is not in order")
            values.extend([None] * (at_column - 1 - len(values)))
        value: Cell = None
        for part in cell:
            if part.tag == _VALUE:
                value = _value_of(cell.get("t"), part.text, texts)
            elif part.tag == _INLINE:
                value = _text_of(part)
            elif part.tag == _FORMULA and cells.first_formula is None:
                cells.first_formula = f"{_letters(len(values))}{number}"
        values.append(value)
    return values


def _value_of(kind: str | None, text: str | None, texts: Sequence[str]) -> Cell:
    """What the element `v` of a cell of that kind states; a number without a kind."""
    if not text:
        return None
    if kind == "s":
        return texts[int(text)]
    if kind is None or kind == "n":
        return float(text)
    return text == "1" if kind == "b" else text


@cache
def _letters(position: int) -> str:
    return str(get_column_letter(position + 1))
