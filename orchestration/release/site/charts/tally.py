"""How many countries each of the four methods finds on track, too slow, moving away or not assessable.

What belongs here: one chart of counts of rpt_agreement's rows for a series. What does not: the verdicts.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from orchestration.release.site.drawing import FONT_SIZE, HATCHED, WIDTH, legend_above, rendered
from orchestration.release.site.figures import Figure
from orchestration.release.site.lettering import stand_ins
from orchestration.release.site.palette import HATCH, INK, PAPER, STATUS, STATUS_ORDER
from orchestration.release.site.render import Site
from orchestration.release.site.territory import series_notes

METHODS = ("m1", "m2", "m3", "m4")
NAMES = 84
ON_DARK = ("green", "red")  # colours that carry white letters
NARROW, WIDE = 2, 8
"""From so many countries on a part is wide enough for its number, and for its symbol as well."""


def method_tally(site: Site, identifier: str, indicator: str, breakdown: str) -> Figure:
    """The chart of a series: one bar a method, one part a colour; all member States add up in each."""
    title = site.t("charts.tally.title", series=site.words.series(indicator, breakdown))
    counts = {method: _counted(site, indicator, breakdown, method) for method in METHODS}
    first = counts["m1"]
    text = site.t(
        "charts.tally.text",
        green=first["green"],
        yellow=first["yellow"],
        red=first["red"],
        grey=first["grey"],
        all=len(site.tables.countries),
        method=site.t("base.column.m1"),
    )
    head = (str(site.t("charts.tally.method")), *(str(site.words.colour(c).word) for c in STATUS_ORDER))
    body = (
        (str(site.t(f"base.column.{method}")), *(site.n.count(counts[method][c]) for c in STATUS_ORDER))
        for method in METHODS
    )
    svg = rendered(_specification(site, counts), site, identifier)
    notes = series_notes(site, [(indicator, breakdown)], site.tables.countries)
    return Figure(str(title), str(text), svg, (head, *body), notes)


def _counted(site: Site, indicator: str, breakdown: str, method: str) -> Counter[str]:
    rows = (
        site.tables.agreement.get((indicator, breakdown, country, "country"))
        for country in site.tables.countries
    )
    return Counter((row[f"{method}_colour"] if row else None) or "grey" for row in rows)


def _specification(site: Site, counts: dict[str, Counter[str]]) -> dict[str, Any]:
    badges = {colour: site.words.colour(colour) for colour in STATUS_ORDER}
    words = {colour: f"{badge.symbol} {badge.word}" for colour, badge in badges.items()}
    labels = stand_ins((str(site.t(f"base.column.{method}")) for method in METHODS), NAMES - 6, FONT_SIZE)
    parts = [
        {"method": label} | part
        for label, method in zip(labels, METHODS, strict=True)
        for part in _parts(site, counts[method], words)
    ]
    fills = [HATCHED if colour == "grey" else STATUS[colour] for colour in STATUS_ORDER]
    scale = {"domain": list(words.values()), "range": fills}
    verdict = {"field": "verdict", "type": "nominal", "title": None}
    square = {"symbolType": "square", "symbolSize": 130, "symbolStrokeColor": HATCH}
    legend = {**legend_above(2, NAMES), "columns": 2, **square}
    extent = {"title": None, "minExtent": NAMES, "maxExtent": NAMES}
    names = {"field": "method", "type": "nominal", "sort": None, "axis": extent}
    domain = {"domain": [0, len(site.tables.countries)], "nice": False}
    axis = {"title": str(site.t("charts.tally.countries")), "tickCount": 5}
    across = {"field": "start", "type": "quantitative", "scale": domain, "axis": axis}
    return {
        "usermeta": {"labels": labels},
        "data": {"values": parts},
        "width": WIDTH - NAMES - 12,
        "height": {"step": 34},
        "layer": [
            {
                "mark": {"type": "bar", "stroke": PAPER, "strokeWidth": 1, "height": {"band": 0.8}},
                "encoding": {
                    "x": across,
                    "x2": {"field": "end"},
                    "y": names,
                    "fill": {**verdict, "scale": scale, "legend": legend},
                },
            },
            _letters({"stroke": PAPER, "strokeWidth": 4}, names, "halo"),
            _letters({"color": PAPER}, names, "white"),
            _letters({"color": INK}, names, "dark"),
        ],
    }


def _parts(site: Site, counts: Counter[str], words: dict[str, str]) -> Iterator[dict[str, Any]]:
    """The parts of one bar from left to right."""
    start = 0
    for colour in STATUS_ORDER:
        if count := counts[colour]:
            place = {"start": start, "end": start + count, "middle": start + count / 2}
            yield {"verdict": words[colour], **place, **_lettering(site, colour, count)}
            start += count


def _lettering(site: Site, colour: str, count: int) -> dict[str, str]:
    """What stands in a part of a bar, by the kind of letters; over the hatch they get a halo."""
    symbol = f"{site.words.colour(colour).symbol} " if count >= WIDE else ""
    text = f"{symbol}{count}" if count >= NARROW else ""
    white = colour in ON_DARK
    return {
        "white": text if white else "",
        "dark": "" if white else text,
        "halo": text if colour == "grey" else "",
    }


def _letters(look: dict[str, Any], names: dict[str, Any], field: str) -> dict[str, Any]:
    return {
        "mark": {"type": "text", "fontWeight": 600, **look},
        "encoding": {
            "x": {"field": "middle", "type": "quantitative"},
            "y": names,
            "text": {"field": field},
        },
    }
