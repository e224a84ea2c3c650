"""From a Vega-Lite specification or drawn elements to the inline SVG of a figure.

What belongs here: the look that all drawings share, number formats, the cleaning of what the renderer writes,
the illustrative mark inside the drawing, PNG bytes. What does not: any chart (charts/) or map (maps.py).

A drawing is 380 units wide and its letters 13 units high: on a phone of 360 px they are 11 px high, and a
column of 34 rem shows them at 18 px. So there is one drawing for all screens.
"""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import vl_convert
from babel import Locale
from lxml import etree
from markupsafe import Markup

from orchestration.release.marks import MARK_BY_LANGUAGE
from orchestration.release.site.fonts import FAMILY
from orchestration.release.site.palette import HATCH, INK, MUTED, PAPER, RULE
from orchestration.release.site.render import Site

WIDTH = 380
FONT_SIZE = 13
LINE = 18  # height of one line of text
HATCHED = "#010203"
"""A specification's fill that becomes the hatch: Vega-Lite has no patterns."""

SVG = "http://www.w3.org/2000/svg"
_DROPPED = re.compile(r"^(role|class|pointer-events|version|xml:space|aria-.*)$")
_DEFAULTS = {"opacity": "1", "fill-opacity": "1", "font-family": FAMILY, "stroke-miterlimit": "10"}
_PLACES = {"d", "transform", "x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "width", "height"}
_LONG = re.compile(r"-?(?<!\d)\d+\.\d{2,}(?:e-?\d+)?")
_REFERENCE = re.compile(r"url\(#([^)]+)\)")


def axis_numbers(language: str) -> dict[str, Any]:
    """The d3 number format of a language, from the same source as the numbers of the pages (Babel)."""
    symbols = Locale.parse(language).number_symbols["latn"]
    percent = {"en": "%", "fr": "\u202f%", "ru": "\u00a0%"}[language]
    return {
        "decimal": symbols["decimal"],
        "thousands": symbols["group"],
        "grouping": [3],
        "currency": ["", ""],
        "percent": percent,
        "minus": "\u2212",
    }


def rendered(specification: Mapping[str, Any], site: Site, identifier: str) -> Markup:
    """The clean SVG of a Vega-Lite specification; `identifier` starts every id inside it.

    Its `usermeta.labels` say which label is printed for which stand-in (lettering.py). Raises ValueError if
    the specification asks for data from an address.
    """
    _register_fonts()
    whole = {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "background": None,
        "padding": 0,
        "config": _CONFIG,
        **specification,
    }
    locale = axis_numbers(site.language)
    # Nothing may be loaded: a drawing shows the values it is given, and an address in it is an error.
    text = vl_convert.vegalite_to_svg(whole, vl_version="6.4", format_locale=locale, allowed_base_urls=[])
    root = etree.fromstring(text.encode())
    labels = specification.get("usermeta", {}).get("labels", {})
    for element in root.iter(f"{{{SVG}}}text"):
        element.text = labels.get(element.text, element.text)
    _clean(root, identifier)
    return finished(root, site, identifier)


def finished(root: "etree._Element", site: Site, identifier: str) -> Markup:
    """The drawing with the hatch it uses, the mark of illustrative data if it holds, and its letters."""
    width, height = (float(size) for size in root.get("viewBox", "").split()[2:])
    if site.facts.illustrative:
        attributes = {"x": "0", "y": f"{height + 14:g}", "font-weight": "600", "fill": INK}
        text = etree.SubElement(root, f"{{{SVG}}}text", attributes, **{"font-size": f"{FONT_SIZE}px"})
        text.text = MARK_BY_LANGUAGE[site.language]
        height += LINE
    for name in ("width", "height"):
        root.attrib.pop(name, None)
    root.set("viewBox", f"0 0 {width:g} {height:g}")
    root.set("width", f"{width:g}")
    root.set("height", f"{height:g}")
    root.set("font-family", f"{FAMILY}, sans-serif")
    _hatch(root, identifier)
    etree.cleanup_namespaces(root)
    # Written by our own renderer from escaped texts: safe as markup.
    return Markup(etree.tostring(root, encoding="unicode"))


def png(svg: Markup, scale: float = 2) -> bytes:
    """The drawing as PNG on white."""
    _register_fonts()
    root = etree.fromstring(str(svg).encode())
    paper = etree.Element(f"{{{SVG}}}rect", width="100%", height="100%", fill=PAPER)
    root.insert(0, paper)
    return bytes(vl_convert.svg_to_png(etree.tostring(root, encoding="unicode"), scale=scale))


def legend_above(rows: int, left: float, gap: float = 10) -> dict[str, Any]:
    """A legend of so many rows over the plot, at the drawing's edge: `left` units left of the plot."""
    return {"orient": "none", "legendX": -left, "legendY": -(rows * (FONT_SIZE + 4) + gap)}


@cache
def _register_fonts() -> None:
    vl_convert.register_font_directory(str(Path(__file__).parent / "fonts"))


def _clean(root: "etree._Element", identifier: str) -> None:
    """Drop what the renderer adds for its own use: labels in English only, classes, empty shapes, digits."""
    for element in list(root.iter(f"{{{SVG}}}*")):
        if element.get("display") == "none" or _is_empty(element):
            element.getparent().remove(element)
            continue
        for name in list(element.attrib):
            if _DROPPED.match(name) or element.get(name) == _DEFAULTS.get(name):
                del element.attrib[name]
            elif name in _PLACES:
                element.set(name, _LONG.sub(_short, element.get(name, "")))
    _name_ids(root, identifier)
    _unwrap(root)


def _short(found: re.Match[str]) -> str:
    return f"{round(float(found[0]), 1):g}"


def _is_empty(element: "etree._Element") -> bool:
    """A path without a line, or without paint of its own and of its parents."""
    if element.tag != f"{{{SVG}}}path":
        return False
    return not element.get("d") or (element.get("class") == "background" and element.get("stroke") is None)


def _name_ids(root: "etree._Element", identifier: str) -> None:
    """Number the ids in their order, because the renderer counts on over all its drawings."""
    names = {
        element.get("id"): f"{identifier}-{place}" for place, element in enumerate(root.iterfind(".//*[@id]"))
    }
    for element in root.iter():
        for name, value in element.attrib.items():
            if name == "id":
                element.set(name, names[value])
            elif "url(#" in value:
                element.set(name, _REFERENCE.sub(lambda found: f"url(#{names[found[1]]})", value))


def _unwrap(root: "etree._Element") -> None:
    """Groups without attributes, and groups without content, fall away."""
    for group in list(root.iter(f"{{{SVG}}}g"))[::-1]:
        parent = group.getparent()
        if len(group) and group.attrib:
            continue
        place = parent.index(group)
        parent[place : place + 1] = list(group)


def _hatch(root: "etree._Element", identifier: str) -> None:
    """Turn the hatched fill into a pattern of this drawing."""
    hatched = root.findall(f".//*[@fill='{HATCHED}']")
    for element in hatched:
        element.set("fill", f"url(#{identifier}-hatch)")
    if hatched:
        definitions = etree.Element(f"{{{SVG}}}defs")
        definitions.append(pattern(f"{identifier}-hatch", PAPER, HATCH, "rotate(45)"))
        root.insert(0, definitions)


def pattern(identifier: str, ground: str, lines: str, transform: str) -> "etree._Element":
    """Lines 1.5 units wide, 5 units apart, upright before `transform`.

    The tile is large, because some viewers show the seams between tiles; one dashed line as wide as the tile
    draws all its lines.
    """
    place = {"id": identifier, "patternUnits": "userSpaceOnUse", "patternTransform": transform}
    element = etree.Element(f"{{{SVG}}}pattern", place, width="100", height="100")
    etree.SubElement(element, f"{{{SVG}}}rect", width="100", height="100", fill=ground)
    dashes = {"stroke": lines, "stroke-width": "100", "stroke-dasharray": "1.5 3.5"}
    etree.SubElement(element, f"{{{SVG}}}path", dashes, d="M0 50h100")
    return element


_CONFIG = {
    "font": FAMILY,
    "view": {"stroke": None},
    "axis": {
        "labelFontSize": FONT_SIZE,
        "titleFontSize": FONT_SIZE,
        "labelColor": INK,
        "titleColor": INK,
        "titleFontWeight": "normal",
        "gridColor": RULE,
        "gridWidth": 0.6,
        "domainColor": MUTED,
        "tickColor": MUTED,
        "tickSize": 4,
        "labelPadding": 4,
        # Without a limit the renderer need not measure; labels are cut before (lettering.py).
        "labelLimit": 0,
    },
    "axisY": {"domain": False, "ticks": False},
    "axisX": {"grid": False},
    "legend": {
        "labelFontSize": FONT_SIZE,
        "labelColor": INK,
        "labelLimit": 0,
        "symbolSize": 90,
        "orient": "top",
        "direction": "vertical",
        "title": None,
        "offset": 6,
        "padding": 0,
        "rowPadding": 3,
    },
    "title": {"fontSize": FONT_SIZE, "fontWeight": 600, "color": INK, "anchor": "start", "frame": "group"},
    "text": {"fontSize": FONT_SIZE, "color": INK},
}
