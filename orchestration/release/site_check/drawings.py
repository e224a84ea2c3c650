"""What an SVG file of the site may hold: a drawing, which runs nothing and loads nothing.

What belongs here: the elements and addresses of a standing file. What does not: the drawings inside pages
(structure.py), what a drawing shows.
"""

from collections.abc import Iterator
from typing import Any

from lxml import etree

_SVG = "{http://www.w3.org/2000/svg}"
_DRAWN = frozenset(
    f"{_SVG}{name}"
    for name in (
        *("svg", "g", "defs", "symbol", "use", "title", "desc", "text", "tspan"),
        *("path", "line", "rect", "circle", "ellipse", "polygon", "polyline"),
        *("pattern", "clipPath", "mask", "marker", "linearGradient", "radialGradient", "stop"),
    )
)
"""All else can run, load, lead elsewhere or hold a page: script, image, a, foreignObject, style, animate."""


def drawing_faults(source: bytes) -> Iterator[str]:
    """Every fault of an SVG file, as what it does. Never raises for its content."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        tree = etree.fromstring(source, parser).getroottree()
    except etree.XMLSyntaxError as error:
        yield f"cannot be read as SVG: {error}."
        return
    if tree.docinfo.doctype:
        yield "declares a document type."
    for node in tree.xpath("//node()[not(self::text())]|/processing-instruction()"):
        yield from _node_faults(node)


def _node_faults(node: Any) -> Iterator[str]:
    if not isinstance(node.tag, str):
        if isinstance(node, etree._ProcessingInstruction):
            yield f"holds the instruction {node.target}."
        return
    if node.tag not in _DRAWN:
        yield f"holds <{etree.QName(node).localname}>, which is no part of a drawing."
    for name, value in node.attrib.items():
        local = etree.QName(name).localname
        if local.startswith("on"):
            yield f"runs what stands in {local}."
        if (local == "href" and not value.startswith("#")) or "url(" in value.replace("url(#", ""):
            yield f"loads {value}."
