"""The files of a figure, which lie beside its page: drawing as SVG, a map also as PNG, content as CSV.

What belongs here: what stands in such a file. What does not: drawing (drawing.py), where a page links to its
files (render.py, templates/site/figure.html.j2).

The CSV holds one cell of the figure's table a line, because a printed number may be scaled (millions, per
cent): `row` and `column` as the table heads them, `shown` as printed, `value` exactly as the files of the
release state it, `cell` its place there. An illustrative release says so in a column, in the drawing and in
the names of the files. Why only maps become PNG: docs/decisions/0014-files-of-a-figure.md.
"""

import csv
import io

from lxml import etree
from lxml.html import fragment_fromstring
from markupsafe import Markup

from orchestration.release.site.drawing import SVG, png
from orchestration.release.site.figures import Cell, Figure
from orchestration.release.site.palette import PAPER
from orchestration.release.site.render import Site

COLUMNS = ("row", "column", "shown", "value", "cell")
PNG_SCALE = 3
"""A map of 380 units becomes 1140 pixels wide: a slide, or half a printed page."""


def content_of(site: Site, figure: Figure, kind: str) -> bytes:
    """The file of one of the figure's kinds."""
    if kind == "csv":
        return _table(figure, site.facts.illustrative)
    return png(figure.svg, PNG_SCALE) if kind == "png" else _standing_alone(figure, site.language)


def _standing_alone(figure: Figure, language: str) -> bytes:
    """The drawing on white with the words which the page gives it: title, description, language."""
    root = etree.fromstring(str(figure.svg).encode())
    root.set("{http://www.w3.org/XML/1998/namespace}lang", language)
    root.set("role", "img")
    paper = etree.Element(f"{{{SVG}}}rect", width="100%", height="100%", fill=PAPER)
    title, description = (etree.Element(f"{{{SVG}}}{name}") for name in ("title", "desc"))
    title.text, description.text = figure.title, plain(figure.description)
    root[:0] = [title, description, paper]
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True))


def _table(figure: Figure, illustrative: bool) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    mark = ("illustrative",) if illustrative else ()
    writer.writerow((*COLUMNS, *mark))
    head, *body = figure.table_rows
    for row in body:
        for column, cell in zip(head[1:], row[1:], strict=True):
            writer.writerow((_words(row[0]), _words(column), *_printed(cell), *("true" for _ in mark)))
    return text.getvalue().encode()


def _printed(cell: Cell) -> tuple[str, str, str]:
    """What is shown, its exact value and its place; words have neither."""
    if isinstance(cell, Markup):
        number = fragment_fromstring(str(cell), create_parent=True).find("data")
        if number is not None:
            return number.text_content(), number.get("value"), number.get("data-cell", "")
    return _words(cell), "", ""


def plain(text: Cell) -> str:
    """A text as a reader sees it, with the spaces of its numbers."""
    if not isinstance(text, Markup):
        return text
    return str(fragment_fromstring(str(text), create_parent=True).text_content())


def _words(cell: Cell) -> str:
    return str(cell.striptags()) if isinstance(cell, Markup) else cell
