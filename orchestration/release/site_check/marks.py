"""The places of the illustrative mark in the site.

What belongs here: where a page and the style have to carry it. What does not: the other files of the bundle
(mark_check.py), the PDF files (pdf.py).
"""

import re
from pathlib import Path

from lxml import etree, html

from orchestration.release.marks import MARK_BY_LANGUAGE

STYLE = "static/site.css"
_PRINT = re.compile(r"@media print\s*\{(?:[^{}]*\{[^{}]*\})*?[^{}]*\.illustrative::before\s*\{([^{}]*)\}")
_SHOWN = {"content:attr(data-mark)", "position:fixed"}
_HIDING = re.compile(r"display:none|visibility:hidden|opacity:0")
_DRAWINGS = etree.XPath("//*[local-name()='svg'][not(ancestor::*[local-name()='svg'])]")
_BANNER = etree.XPath("//div[@class='mark' and not(@hidden)]/p")
_SPARK = "spark"
"""A drawing of the size of a word, which has room for the mark only in its title."""


def missing_mark(page: html.HtmlElement, is_chooser: bool) -> str | None:
    """The first place of the mark that is empty in a page, if there is one."""
    mark = MARK_BY_LANGUAGE.get(page.get("lang") or "", "")
    if not mark:
        return "language"
    if not (page.findtext(".//title") or "").endswith(mark):
        return "title"
    banners = [line.text_content().strip() for line in _BANNER(page)]
    if banners != (list(MARK_BY_LANGUAGE.values()) if is_chooser else [mark]):
        return "banner"
    body = page.find("body")
    if body is None or body.get("data-mark") != mark or "illustrative" not in body.get("class", "").split():
        return "print background"
    return next((missing for one in _DRAWINGS(page) if (missing := _missing_in_drawing(one, mark))), None)


def _missing_in_drawing(drawing: html.HtmlElement, mark: str) -> str | None:
    if drawing.get("class") == _SPARK:
        return None if (drawing.findtext("./{*}title") or "").endswith(mark) else "title of a small drawing"
    return None if _is_in_drawing(drawing, mark) else "text of a drawing"


def _is_in_drawing(drawing: "etree._Element", mark: str) -> bool:
    return mark in (element.text for element in drawing.iterchildren("{*}text"))


def missing_in_svg(mark: str, path: Path) -> str | None:
    """Whether a drawing to be downloaded shows the mark."""
    return None if _is_in_drawing(etree.parse(path).getroot(), mark) else "text of the drawing"


def missing_in_style(path: Path) -> str | None:
    """Whether the style prints the mark behind each page."""
    found = _PRINT.search(path.read_text(encoding="utf-8"))
    rules = "".join(found[1].split()) if found else ""
    return None if set(rules.split(";")) >= _SHOWN and not _HIDING.search(rules) else "print background"


def has_mark(path: Path) -> bool:
    """Whether a page or the style bears any trace of the mark."""
    text = path.read_bytes()
    return any(mark.encode() in text for mark in MARK_BY_LANGUAGE.values()) or b"data-mark=" in text
