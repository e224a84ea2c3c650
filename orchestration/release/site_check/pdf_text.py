"""The text of a PDF file by page and by tag, read without a renderer.

What belongs here: content streams, character maps, the tree of tags as far as its tables. What does not:
judging what is found (pdf.py, pdf_rules.py). Text is returned without any space, because a broken line has
none.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pikepdf

_TEXT = "BDC BMC EMC Tf Tj TJ"
_BLOCK = re.compile(rb"begin(bfchar|bfrange)(.*?)end\1", re.S)
_HEX = re.compile(rb"<([0-9a-fA-F\s]*)>")
_HEADS = ("/TH", "/TD")


@dataclass(frozen=True)
class PdfText:
    """`pages`: all text of each page, marginal text included; `rows`: the cells of every row of a table."""

    pages: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def read_text(document: pikepdf.Pdf) -> PdfText:
    """The text of an open document whose tags are a tree, for which pdf_rules.py looks first.

    A font without a map to Unicode, which PDF/UA asks for, gives none.
    """
    pages: list[str] = []
    by_mark: dict[tuple[int, int], dict[int, str]] = {}
    for page in document.pages:
        whole, marked = _page_text(page)
        pages.append(whole)
        by_mark[page.objgen] = marked
    tree = document.Root.get("/StructTreeRoot")
    rows = tuple(_rows(tree, by_mark)) if tree is not None else ()
    return PdfText(tuple(pages), rows)


def _page_text(page: pikepdf.Page) -> tuple[str, dict[int, str]]:
    """All text of a page, and the text of each piece of marked content by its number."""
    fonts = {name: _characters(font) for name, font in page.get("/Resources", {}).get("/Font", {}).items()}
    font: dict[int, str] = {}
    open_marks: list[int | None] = []
    whole: list[str] = []
    marked: dict[int, list[str]] = defaultdict(list)
    for operands, operator in pikepdf.parse_content_stream(page, _TEXT):
        match str(operator):
            case "BDC":
                properties = operands[1]
                is_marked = isinstance(properties, pikepdf.Dictionary) and "/MCID" in properties
                open_marks.append(int(properties["/MCID"]) if is_marked else None)
            case "BMC":
                open_marks.append(None)
            case "EMC":
                open_marks.pop()
            case "Tf":
                font = fonts.get(str(operands[0]), {})
            case _:
                text = _decoded(operands[0], font)
                whole.append(text)
                if (number := next((one for one in open_marks[::-1] if one is not None), None)) is not None:
                    marked[number].append(text)
    return _tight("".join(whole)), {number: "".join(texts) for number, texts in marked.items()}


def _decoded(shown: Any, font: dict[int, str]) -> str:
    """The characters of a string, or of the strings of an array with their distances."""
    pieces = list(shown) if isinstance(shown, pikepdf.Array) else [shown]
    raw = b"".join(bytes(piece) for piece in pieces if isinstance(piece, pikepdf.String))
    codes = (int.from_bytes(raw[at : at + 2], "big") for at in range(0, len(raw), 2))
    return "".join(font.get(code, "") for code in codes)


def _characters(font: Any) -> dict[int, str]:
    """The text of each two-byte code of a font."""
    found: dict[int, str] = {}
    if "/ToUnicode" not in font:
        return found
    for kind, block in _BLOCK.findall(font["/ToUnicode"].read_bytes()):
        given = [bytes.fromhex(one.decode()) for one in _HEX.findall(block)]
        if kind == b"bfchar":
            for code, text in zip(given[::2], given[1::2], strict=True):
                found[int.from_bytes(code, "big")] = text.decode("utf-16-be")
        else:
            for first, last, text in zip(given[::3], given[1::3], given[2::3], strict=True):
                start, letter = int.from_bytes(first, "big"), ord(text.decode("utf-16-be"))
                end = int.from_bytes(last, "big")
                found |= {number: chr(letter + number - start) for number in range(start, end + 1)}
    return found


def _rows(tree: Any, by_mark: dict[tuple[int, int], dict[int, str]]) -> Iterator[tuple[str, ...]]:
    """The cells of each row that has data: the first one its head."""
    for row in _below(tree, "/TR"):
        cells = [cell for cell in children_of(row) if str(cell.get("/S", "")) in _HEADS]
        if [str(cell["/S"]) for cell in cells[:2]] == ["/TH", "/TD"]:
            yield tuple(_tight("".join(_texts(cell, by_mark, None))) for cell in cells)


def _below(element: Any, kind: str) -> Iterator[Any]:
    for child in children_of(element):
        if str(child.get("/S", "")) == kind:
            yield child
        else:
            yield from _below(child, kind)


def _texts(element: Any, by_mark: dict[tuple[int, int], dict[int, str]], page: Any) -> Iterator[str]:
    own = element.get("/Pg", page)
    for kid in _kids(element):
        if isinstance(kid, pikepdf.Dictionary):
            yield from _texts(kid, by_mark, own)
        elif own is not None:
            yield by_mark.get(own.objgen, {}).get(int(kid), "")


def children_of(element: Any) -> list[Any]:
    """The elements right below one of the tree of tags."""
    return [kid for kid in _kids(element) if isinstance(kid, pikepdf.Dictionary)]


def _kids(element: Any) -> list[Any]:
    kids = element.get("/K")
    if kids is None:
        return []
    return list(kids) if isinstance(kids, pikepdf.Array) else [kids]


def _tight(text: str) -> str:
    return "".join(text.split())
