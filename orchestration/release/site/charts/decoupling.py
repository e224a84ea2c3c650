"""Economic growth against the change of a pressure, with the areas of the decoupling classes.

What belongs here: one chart of the countries of rpt_decoupling. What does not: the classes (the table
has them); the lines drawn are those of the published definition (Tapio 2005; methodology 3.7).
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from orchestration.release.site.charts.labels import SIDES, sides_of_names
from orchestration.release.site.drawing import WIDTH, rendered
from orchestration.release.site.figures import Cell as Printed
from orchestration.release.site.figures import Figure
from orchestration.release.site.model import Row
from orchestration.release.site.numbers import Cell, Shape
from orchestration.release.site.palette import MUTED, PAPER, RULE, SERIES, STATUS
from orchestration.release.site.render import Site
from orchestration.release.site.territory import territorial_notes
from orchestration.release.site.words import sort_key

PERCENT = Shape(1)
LINES = (0.8, 1.2)
"""Elasticities between which growth and pressure count as coupled."""
LOOKS = {
    "strong_decoupling": ("triangle-up", STATUS["green"], STATUS["green"]),
    "weak_decoupling": ("circle", SERIES[0], PAPER),
    "expansive_coupling": ("diamond", STATUS["yellow"], STATUS["yellow"]),
    "expansive_negative_decoupling": ("triangle-down", STATUS["red"], STATUS["red"]),
    "recessive_decoupling": ("triangle-up", MUTED, PAPER),
    "recessive_coupling": ("diamond", MUTED, PAPER),
    "weak_negative_decoupling": ("square", MUTED, PAPER),
    "strong_negative_decoupling": ("triangle-down", MUTED, PAPER),
    "NOT_CLASSIFIABLE": ("cross", MUTED, PAPER),
}
LEFT = 40  # width of the labels of the vertical axis
HEIGHT = 300
EDGE = 12  # room for letters at the right of the plot
LABELLED = 6
"""So many countries, those furthest from the middle with room for it, carry their code."""


def decoupling_areas(site: Site, identifier: str, perspective: str, span: int) -> Figure:
    """The chart of all countries with a class; `perspective`: production or footprint; `span`: 5 or 10."""
    title = str(site.t(f"charts.decoupling.title.{perspective}", span=span))
    rows = [
        row
        for row in site.tables.rows("rpt_decoupling")
        if (row["perspective"], row["span_years"], row["area_kind"]) == (perspective, span, "country")
        and row["pressure_change"] is not None
        and row["decoupling_class"] in LOOKS
    ]
    if not rows:
        none = site.t("charts.decoupling.none")
        return Figure(title, str(none), none[:0], ())
    rows.sort(key=lambda row: row["area"])
    svg = rendered(_specification(site, perspective, rows), site, identifier)
    notes = (_band(site), *territorial_notes(site, [row["area"] for row in rows]))
    return Figure(title, _description(site, rows), svg, _table(site, perspective, rows), notes)


def _class(site: Site, code: str) -> str:
    return str(site.t(f"charts.decoupling.class.{code}"))


def _band(site: Site) -> str:
    low, high = (site.n.text(line, PERCENT) for line in LINES)
    return str(site.t("charts.decoupling.band", low=low, high=high))


def _description(site: Site, rows: list[Row]) -> str:
    counts = Counter(row["decoupling_class"] for row in rows)
    parts = [
        str(site.t("charts.decoupling.part", name=_class(site, code), count=counts[code]))
        for code in LOOKS
        if counts[code]
    ]
    return str(site.t("charts.decoupling.text", n=len(rows), classes=", ".join(parts)))


def _table(site: Site, perspective: str, rows: list[Row]) -> tuple[tuple[Printed, ...], ...]:
    keys = (
        "charts.country",
        "charts.decoupling.x",
        f"charts.decoupling.y.{perspective}",
        "charts.decoupling.class_head",
    )
    body = []
    for row in sorted(rows, key=lambda row: sort_key(site.words.area(row["area"]))):
        key = (row["perspective"], row["area_kind"], row["area"], str(row["span_years"]))
        numbers = (
            site.n.data(row[column], PERCENT, Cell("rpt_decoupling", key, column))
            for column in ("gdp_change", "pressure_change")
        )
        body.append((site.words.area(row["area"]), *numbers, _class(site, row["decoupling_class"])))
    return (tuple(str(site.t(key)) for key in keys), *body)


def _outermost(rows: list[Row]) -> list[int]:
    """The places of the rows by distance from the medians, both changes counted in their own spread."""

    def distances(column: str) -> list[float]:
        sizes = sorted(row[column] for row in rows)
        middle = sizes[len(sizes) // 2]
        spread = (sizes[-1] - sizes[0]) or 1.0
        return [abs(row[column] - middle) / spread for row in rows]

    furthest = [max(pair) for pair in zip(distances("gdp_change"), distances("pressure_change"), strict=True)]
    return sorted(range(len(rows)), key=lambda place: (-furthest[place], place))


def _sides(rows: list[Row], across: list[float], up: list[float]) -> dict[int, str]:
    """On which side the code of a country stands, by the place of its row."""
    width = WIDTH - LEFT - EDGE

    def place(growth: float, pressure: float) -> tuple[float, float]:
        return (
            (growth - across[0]) / (across[1] - across[0]) * width,
            (up[1] - pressure) / (up[1] - up[0]) * HEIGHT,
        )

    points = [place(row["gdp_change"], row["pressure_change"]) for row in rows]
    names = ((index, rows[index]["area"]) for index in _outermost(rows))
    x, y = place(0.0, 0.0)
    zeros = ((x, 0, x, HEIGHT), (0, y, width, y))
    return sides_of_names(points, names, LABELLED, (0, 0, width + EDGE, HEIGHT), zeros)


def _specification(site: Site, perspective: str, rows: list[Row]) -> dict[str, Any]:
    present = [code for code in LOOKS if any(row["decoupling_class"] == code for row in rows)]
    values = [
        {
            "x": row["gdp_change"],
            "y": row["pressure_change"],
            "class": _class(site, row["decoupling_class"]),
            "code": row["area"],
        }
        for row in rows
    ]

    across, up = _domain(rows, "gdp_change"), _domain(rows, "pressure_change")
    place = {
        "x": _axis("x", across, title=str(site.t("charts.decoupling.x"))),
        "y": _axis("y", up, minExtent=LEFT, maxExtent=LEFT),
    }
    shape, stroke, fill = (_scale(site, present, position) for position in range(3))
    heading = str(site.t(f"charts.decoupling.y.{perspective}"))
    return {
        "title": {"text": heading, "fontWeight": "normal", "dx": -LEFT},
        "width": WIDTH - LEFT - EDGE,
        "height": HEIGHT,
        "layer": [
            *_areas(across, place),
            {
                "data": {"values": values},
                "mark": {"type": "point", "size": 60, "strokeWidth": 1.5, "opacity": 1},
                "encoding": {**place, "shape": shape, "stroke": stroke, "fill": fill},
            },
            *_codes(values, _sides(rows, across, up), place),
        ],
    }


def _domain(rows: list[Row], column: str) -> list[float]:
    """The ends of an axis: zero and every value, with a margin."""
    sizes = [0.0, *(row[column] for row in rows)]
    margin = 0.06 * (max(sizes) - min(sizes))
    return [min(sizes) - margin, max(sizes) + margin]


def _axis(field: str, ends: list[float], **more: Any) -> dict[str, Any]:
    scale = {"domain": ends, "nice": False}
    axis = {"title": None, "grid": False, "tickCount": 6, **more}
    return {"field": field, "type": "quantitative", "scale": scale, "axis": axis}


def _scale(site: Site, present: list[str], position: int) -> dict[str, Any]:
    """One of the looks of a class; equal domains and titles make one legend of all three."""
    looks = [LOOKS[code][position] for code in present]
    chosen = {"domain": [_class(site, code) for code in present], "range": looks}
    legend = {"orient": "bottom"}
    return {"field": "class", "type": "nominal", "title": None, "scale": chosen, "legend": legend}


def _codes(
    values: list[dict[str, Any]], sides: dict[int, str], place: dict[str, Any]
) -> Iterator[dict[str, Any]]:
    """The codes of some countries, a layer for each side on which they stand."""
    for wanted, look in SIDES.items():
        if wanted in sides.values():
            yield {
                "data": {"values": [values[row] for row, side in sides.items() if side == wanted]},
                "mark": {"type": "text", "baseline": "middle", **look},
                "encoding": {**place, "text": {"field": "code"}},
            }


def _areas(across: list[float], place: dict[str, Any]) -> list[dict[str, Any]]:
    """The borders of the classes: no change of either, and the band of elasticities 0.8 to 1.2."""
    band = [{"x": x, "y": LINES[0] * x, "end": LINES[1] * x} for x in (across[0], 0.0, across[1])]
    return [
        {
            "data": {"values": band},
            "mark": {"type": "area", "color": RULE, "opacity": 0.5, "clip": True},
            "encoding": {**place, "y2": {"field": "end"}},
        },
        *(
            {
                "data": {"values": [{"zero": 0}]},
                "mark": {"type": "rule", "color": MUTED},
                "encoding": {way: place[way] | {"field": "zero"}},
            }
            for way in ("x", "y")
        ),
    ]
