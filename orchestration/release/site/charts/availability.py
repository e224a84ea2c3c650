"""The availability of data by group of countries, for the whole region's indicators and for Eurostat's.

What belongs here: one chart of the regional rows of rpt_visibility. What does not: the index (the table
has it).
"""

from typing import Any

from orchestration.release.site.drawing import FONT_SIZE, WIDTH, legend_above, rendered
from orchestration.release.site.figures import Cell as Printed
from orchestration.release.site.figures import Figure
from orchestration.release.site.lettering import stand_ins
from orchestration.release.site.model import Row
from orchestration.release.site.numbers import Cell
from orchestration.release.site.palette import PAPER, RULE, SERIES
from orchestration.release.site.render import Site
from orchestration.release.site.territory import territorial_notes

SCOPES = ("W", "E")
NAMES = 243
PADDING = 9  # between names and plot, so that a symbol at zero stands free


def group_availability(site: Site, identifier: str) -> Figure:
    """The chart of all groups that rpt_visibility names, in the order of the regional table."""
    found = {
        (row["area"], row["scope"]): row
        for row in site.tables.rows("rpt_visibility")
        if row["area_kind"] == "region" and row["availability_index"] is not None
    }
    groups = [region for region in site.tables.regions if (region, "W") in found]
    ranked = sorted(groups, key=lambda region: (found[region, "W"]["availability_index"], region))
    low, high = ranked[0], ranked[-1]
    text = site.t(
        "charts.availability.text",
        low_name=site.words.area(low),
        low=_share(site, found[low, "W"]),
        high_name=site.words.area(high),
        high=_share(site, found[high, "W"]),
    )
    keys = ("group", "scope_w", "scope_e")
    head = tuple(str(site.t(f"charts.availability.{key}")) for key in keys)
    body = (
        (site.words.area(region), *(_printed(site, found.get((region, scope))) for scope in SCOPES))
        for region in groups
    )
    svg = rendered(_specification(site, found, groups), site, identifier)
    notes = territorial_notes(site, {area for region in groups for area in site.tables.members_of(region)})
    return Figure(str(site.t("charts.availability.title")), str(text), svg, (head, *body), notes)


def _share(site: Site, row: Row) -> str:
    return site.n.share_text(row["availability_index"])


def _printed(site: Site, row: Row | None) -> Printed:
    if row is None:
        return str(site.t("charts.no_value"))
    place = Cell("rpt_visibility", ("region", row["area"], row["scope"]), "availability_index")
    return site.n.share(row["availability_index"], place)


def _specification(site: Site, found: dict[tuple[str, str], Row], groups: list[str]) -> dict[str, Any]:
    labels = {scope: str(site.t(f"charts.availability.scope_{scope.lower()}")) for scope in SCOPES}
    names_of = stand_ins(map(site.words.area, groups), NAMES - PADDING, FONT_SIZE)
    values = [
        {"group": label, "scope": labels[scope], "share": found[region, scope]["availability_index"]}
        for label, region in zip(names_of, groups, strict=True)
        for scope in SCOPES
        if (region, scope) in found
    ]
    extent = {"title": None, "labelPadding": PADDING, "minExtent": NAMES, "maxExtent": NAMES}
    names = {"field": "group", "type": "nominal", "sort": None, "axis": extent}
    place = {"x": _axis(site), "y": names}

    def scale(kinds: list[str]) -> dict[str, Any]:
        legend = legend_above(len(SCOPES), NAMES)
        chosen = {"domain": list(labels.values()), "range": kinds}
        return {"field": "scope", "type": "nominal", "title": None, "scale": chosen, "legend": legend}

    return {
        "usermeta": {"labels": names_of},
        "data": {"values": values},
        "width": WIDTH - NAMES - 20,
        "height": {"step": 22},
        "layer": [
            {
                "mark": {"type": "rule", "color": RULE},
                "encoding": {"y": names, "x": {"datum": 0}, "x2": {"datum": 1}},
            },
            {
                "mark": {"type": "point", "size": 80, "strokeWidth": 1.8, "opacity": 1},
                "encoding": {
                    **place,
                    "stroke": scale([SERIES[0], SERIES[1]]),
                    "fill": scale([SERIES[0], PAPER]),
                    "shape": scale(["circle", "diamond"]),
                },
            },
        ],
    }


def _axis(site: Site) -> dict[str, Any]:
    """The index, from nothing to all."""
    title = str(site.t("charts.availability.axis"))
    axis = {"title": title, "format": "%", "values": [0, 0.5, 1], "grid": True}
    domain = {"domain": [0, 1], "nice": False}
    return {"field": "share", "type": "quantitative", "axis": axis, "scale": domain}
