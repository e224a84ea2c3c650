"""The maps of the site: the verdicts on an indicator, and the availability of data, by country.

What belongs here: classes, legend, panels, footnotes. What does not: shapes (shapes/), path data
(map_shapes.py), the verdicts and indices themselves (the tables).

A map is an illustration of the table beside it. Its classes differ by texture or lightness as well as by hue.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lxml import etree
from markupsafe import Markup

from orchestration.release.site.charts.marks import colour_of, verdict_words
from orchestration.release.site.drawing import FONT_SIZE, LINE, SVG, WIDTH, finished, pattern
from orchestration.release.site.figures import Cell as Printed
from orchestration.release.site.figures import Figure
from orchestration.release.site.map_shapes import Panel, panel
from orchestration.release.site.numbers import Cell
from orchestration.release.site.palette import (
    HATCH,
    INK,
    LAND,
    MUTED,
    PAPER,
    RULE,
    STATUS,
    STEPS,
    STROKES,
    UNDECIDED,
)
from orchestration.release.site.render import Site
from orchestration.release.site.shapes.frames import LAND as LAND_AREA
from orchestration.release.site.shapes.frames import NEUTRAL
from orchestration.release.site.territory import territorial_notes
from orchestration.release.site.words import sort_key

MAPPED = ("W07", "_T")
"""The recycling of municipal waste: the series with a verdict for most countries."""
MISSING = "missing"
LEVELS = ("detail", "overview")
QUARTERS = (0.0, 0.25, 0.5, 0.75, 1.0)
DOT = 40  # radius in tenths of a unit


@dataclass(frozen=True)
class Look:
    """How a class is drawn: plain, or with lines (`lines` colour, `turn` of the pattern)."""

    fill: str
    lines: str = ""
    turn: int = 0


@dataclass(frozen=True)
class MapClass:
    """A class of a map with its word and look, in the order of the legend."""

    key: str
    word: str
    look: Look


HATCHED_LOOK = Look(PAPER, HATCH, 45)
STATUS_LOOKS = {
    "green": Look(STATUS["green"]),
    "yellow": Look(STATUS["yellow"], STROKES["yellow"], 135),
    "red": Look(STATUS["red"], STROKES["red"], 90),
    "grey": Look(UNDECIDED),
}


def mapped_series(site: Site) -> tuple[str, str]:
    """The series of the first map: MAPPED, or the first of a release that leaves it out."""
    known = site.tables.breakdowns
    if MAPPED[1] in known.get(MAPPED[0], ()):
        return MAPPED
    first = next(iter(known))
    return first, known[first][0]


def status_map(site: Site, identifier: str, indicator: str, breakdown: str) -> Figure:
    """The map of the verdict of most methods on a series, or its table alone without clearance."""
    classes = [MapClass(colour, verdict_words(site, colour), look) for colour, look in STATUS_LOOKS.items()]
    classes.append(MapClass(MISSING, str(site.t("maps.missing")), HATCHED_LOOK))
    found = {
        country: colour_of(site, indicator, breakdown, country)
        if (indicator, breakdown, country) in site.tables.latest
        else MISSING
        for country in site.tables.countries
    }
    words = {item.key: item.word for item in classes}
    head = (str(site.t("charts.country")), str(site.t("charts.verdict")))
    body = ((site.words.area(country), words[found[country]]) for country in _by_name(site))
    title = site.t("maps.status.title", series=site.words.series(indicator, breakdown))
    return _figure(site, identifier, (str(title), "maps.status.text"), classes, found, (head, *body))


def availability_map(site: Site, identifier: str) -> Figure:
    """The map of each country's availability index in quarters, or its table alone without clearance."""
    rows = {
        row["area"]: row
        for row in site.tables.rows("rpt_visibility")
        if row["area_kind"] == "country" and row["scope"] == "W" and row["availability_index"] is not None
    }
    classes = [
        MapClass(str(place), _range(site, place), Look(colour)) for place, colour in enumerate(STEPS)
    ] + [MapClass(MISSING, str(site.t("maps.missing")), HATCHED_LOOK)]
    found = {
        country: str(_quarter(rows[country]["availability_index"])) if country in rows else MISSING
        for country in site.tables.countries
    }
    body: list[tuple[Printed, ...]] = []
    for country in _by_name(site):
        if country in rows:
            place = Cell("rpt_visibility", ("country", country, "W"), "availability_index")
            body.append((site.words.area(country), site.n.share(rows[country]["availability_index"], place)))
        else:
            body.append((site.words.area(country), str(site.t("charts.no_value"))))
    head = (str(site.t("charts.country")), str(site.t("charts.availability.axis")))
    title = str(site.t("maps.availability.title"))
    return _figure(site, identifier, (title, "maps.availability.text"), classes, found, (head, *body))


def _by_name(site: Site) -> list[str]:
    return sorted(site.tables.countries, key=lambda country: sort_key(site.words.area(country)))


def _quarter(index: float) -> int:
    """The place of the quarter an index lies in: lower end included, upper end only in the last."""
    return sum(index >= end for end in QUARTERS[1:-1])


def _range(site: Site, place: int) -> str:
    key = "last" if place == len(STEPS) - 1 else "range"
    low, high = (site.n.share_text(QUARTERS[place + step]) for step in (0, 1))
    return str(site.t(f"maps.availability.{key}", low=low, high=high))


def _figure(
    site: Site,
    identifier: str,
    words: tuple[str, str],
    classes: Sequence[MapClass],
    found: Mapping[str, str],
    table: tuple[tuple[Printed, ...], ...],
) -> Figure:
    """`words` are the title and the key of the description; `found` the class of each country."""
    title, text = words
    counts = Counter(found.values())
    parts = "; ".join(
        str(site.t("maps.part", name=item.word, count=counts[item.key]))
        for item in classes
        if counts[item.key]
    )
    description = str(site.t(text, parts=parts, all=len(found)))
    if not site.facts.maps_cleared:
        return Figure(title, description, Markup(""), table, (str(site.t("maps.not_cleared")),))
    used = [item for item in classes if counts[item.key]]
    notes = tuple(str(site.t(f"maps.{key}")) for key in ("disclaimer", "kosovo", "projection"))
    notes += territorial_notes(site, [country for country, key in found.items() if key != MISSING])
    return Figure(title, description, _svg(site, identifier, used, found), table, notes, is_map=True)


def _svg(site: Site, identifier: str, classes: Sequence[MapClass], found: Mapping[str, str]) -> Markup:
    root = etree.Element(f"{{{SVG}}}svg", nsmap={None: SVG})
    definitions = etree.SubElement(root, f"{{{SVG}}}defs")
    fills = {}
    for item in classes:
        fills[item.key] = item.look.fill
        if item.look.lines:
            name = f"{identifier}-{item.key}"
            turn = f"rotate({item.look.turn})"
            definitions.append(pattern(name, item.look.fill, item.look.lines, turn))
            definitions.append(pattern(f"{name}-map", item.look.fill, item.look.lines, f"{turn} scale(10)"))
            fills[item.key] = f"url(#{name})"
    height = _legend(root, site, classes, fills)
    on_map = {key: fill.replace(")", "-map)") for key, fill in fills.items()}
    words = {item.key: item.word for item in classes}
    titles = {country: f"{site.words.area(country)}: {words[key]}" for country, key in found.items()}
    for level in LEVELS:
        height += LINE + 6
        _text(root, 0, height - 6, str(site.t(f"maps.{level}")))
        shapes = panel(level)
        tall = round(WIDTH * shapes.height / shapes.width, 1)
        _panel(root, shapes, (height, tall), {area: on_map[key] for area, key in found.items()}, titles)
        height += tall + 4
    root.set("viewBox", f"0 0 {WIDTH} {height:g}")
    return finished(root, site, identifier)


def _text(root: "etree._Element", across: float, down: float, words: str) -> None:
    place = {"x": f"{across:g}", "y": f"{down:g}", "font-size": f"{FONT_SIZE}px", "fill": INK}
    etree.SubElement(root, f"{{{SVG}}}text", place).text = words


def _legend(
    root: "etree._Element", site: Site, classes: Sequence[MapClass], fills: Mapping[str, str]
) -> float:
    """A row a class and one for the neutral area; returns the height used."""
    rows = [(item.word, fills[item.key], MUTED, "") for item in classes]
    rows.append((str(site.t("maps.neutral")), LAND, MUTED, "2 2"))
    for place, (word, fill, stroke, dash) in enumerate(rows):
        swatch = {"x": "0.5", "y": f"{place * LINE + 1.5:g}", "width": "20", "height": "13", "fill": fill}
        swatch |= {"stroke": stroke, "stroke-width": "0.75"} | ({"stroke-dasharray": dash} if dash else {})
        etree.SubElement(root, f"{{{SVG}}}rect", swatch)
        _text(root, 28, place * LINE + 12.5, word)
    return float(len(rows) * LINE)


def _panel(
    root: "etree._Element",
    shapes: Panel,
    place: tuple[float, float],
    fills: Mapping[str, str],
    titles: Mapping[str, str],
) -> None:
    """A window of its own coordinates, which crops what reaches beyond it. `place` is (top, height)."""
    top, tall = place
    size = {"y": f"{top:g}", "width": f"{WIDTH}", "height": f"{tall:g}"}
    window = etree.SubElement(root, f"{{{SVG}}}svg", size, viewBox=f"0 0 {shapes.width} {shapes.height}")
    areas = etree.SubElement(
        window, f"{{{SVG}}}g", {"stroke": PAPER, "stroke-width": "5", "fill-rule": "evenodd"}
    )
    etree.SubElement(areas, f"{{{SVG}}}path", fill=LAND, d=shapes.paths[LAND_AREA])
    for area, path in sorted(shapes.paths.items()):
        if area in fills:
            element = etree.SubElement(areas, f"{{{SVG}}}path", fill=fills[area], d=path)
            etree.SubElement(element, f"{{{SVG}}}title").text = titles[area]
    neutral = {"fill": LAND, "stroke": MUTED, "stroke-width": "6", "stroke-dasharray": "18 14"}
    etree.SubElement(areas, f"{{{SVG}}}path", neutral, d=shapes.paths[NEUTRAL])
    for area, (across, down) in sorted(shapes.dots.items()):
        if area not in fills:
            continue
        dot = {"cx": str(across), "cy": str(down), "r": str(DOT), "fill": fills[area], "stroke": INK}
        dot["stroke-width"] = "8"
        element = etree.SubElement(areas, f"{{{SVG}}}circle", dot)
        etree.SubElement(element, f"{{{SVG}}}title").text = titles[area]
    edge = {"fill": "none", "stroke": RULE, "stroke-width": "16"}
    size = {"width": str(shapes.width), "height": str(shapes.height)}
    etree.SubElement(window, f"{{{SVG}}}rect", {**size, **edge})
