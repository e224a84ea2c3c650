"""What a finished PDF is made of, and whether it keeps what PDF/UA-1 asks as far as a program can see.

What belongs here: tags, language, title, table heads, embedded fonts, read through pikepdf. What does not:
writing the file (site/pdf.py), its text (pdf_text.py), judging how it reads aloud.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf

from orchestration.release.marks import MARK_BY_LANGUAGE
from orchestration.release.site_check.pdf_text import PdfText, children_of, read_text

_EMBEDDED = ("/FontFile", "/FontFile2", "/FontFile3")
_SCOPES = ("/Row", "/Column", "/Both")
_UNREADABLE = (pikepdf.PdfError, OSError, ValueError, KeyError, AttributeError, TypeError, IndexError)
"""What reading a damaged file may raise."""
_DEEPEST = 100
"""Of a tree of tags; ours has ten levels. A deeper one would exhaust what reads it."""


@dataclass(frozen=True)
class PdfFile:
    """A document: what is wrong with it, which place of the illustrative mark is empty, its text."""

    problems: tuple[str, ...]
    unmarked: str | None
    text: PdfText


def read_pdf(path: Path, language: str) -> PdfFile:
    """The file at `path`, which has to be in `language`. Never raises for its content."""
    try:
        with pikepdf.open(path) as document:
            problems = (*_catalogue(document, language), *_structure(document), *_fonts(document))
            with document.open_metadata() as metadata:
                title = str(metadata.get("dc:title", ""))
            text = read_text(document)
            return PdfFile(problems, _missing_mark(title, text, MARK_BY_LANGUAGE.get(language, "")), text)
    except _UNREADABLE as error:
        return PdfFile((f"cannot be read as PDF: {error}.",), "title", PdfText((), ()))


def _missing_mark(title: str, text: PdfText, mark: str) -> str | None:
    if not title.endswith(mark):
        return "title"
    tight = "".join(mark.split())
    return next((f"page {number}" for number, page in enumerate(text.pages, 1) if tight not in page), None)


def _catalogue(document: pikepdf.Pdf, language: str) -> Iterator[str]:
    root = document.Root
    if str(root.get("/Lang", "")) != language:
        yield f"does not say that its language is {language}."
    if not root.get("/MarkInfo", {}).get("/Marked", False):
        yield "is not tagged."
    if not root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", False):
        yield "does not show its title in the window."
    with document.open_metadata() as metadata:
        if not metadata.get("dc:title"):
            yield "has no title."
        if str(metadata.get("pdfuaid:part", "")) != "1":
            yield "does not claim PDF/UA-1."


def _structure(document: pikepdf.Pdf) -> Iterator[str]:
    tree = document.Root.get("/StructTreeRoot")
    kinds: Counter[str] = Counter()
    unscoped = 0
    for element in _elements(tree):
        kind = str(element.get("/S", ""))
        kinds[kind] += 1
        unscoped += kind == "/TH" and not _has_scope(element)
    for kind, what in (("/H1", "heading"), ("/Table", "table"), ("/TH", "head of a table")):
        if not kinds[kind]:
            yield f"has no {what} among its tags."
    if unscoped:
        yield f"has {unscoped} heads of tables without scope."


def _elements(tree: Any) -> Iterator[Any]:
    """Every element below `tree` that has a kind.

    ValueError if it is no tree: if one stands in two places (a circle, or copies without end) or too deep.
    """
    waiting = [(tree, 0)] if tree is not None else []
    seen: set[tuple[int, int]] = set()
    while waiting:
        element, depth = waiting.pop()
        if depth > _DEEPEST:
            raise ValueError(f"its tags are nested more than {_DEEPEST} deep")
        if element.is_indirect:
            if element.objgen in seen:
                raise ValueError("one of its tags stands in two places")
            seen.add(element.objgen)
        waiting += [(child, depth + 1) for child in children_of(element)]
        if "/S" in element:
            yield element


def _has_scope(element: Any) -> bool:
    attributes = element.get("/A", {})
    listed = list(attributes) if isinstance(attributes, pikepdf.Array) else [attributes]
    return any(str(one.get("/Scope", "")) in _SCOPES for one in listed)


def _fonts(document: pikepdf.Pdf) -> Iterator[str]:
    """A font outside the file may lack the Cyrillic letters on the reader's machine."""
    names = set()
    for page in document.pages:
        for font in page.get("/Resources", {}).get("/Font", {}).values():
            descriptor = font.get("/DescendantFonts", [font])[0].get("/FontDescriptor", {})
            if not any(key in descriptor for key in _EMBEDDED):
                names.add(str(font.get("/BaseFont", "a font")))
    yield from (f"does not hold the letters of {name}." for name in sorted(names))
