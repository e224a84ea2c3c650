"""The profile of a member State: every indicator with its newest value and four verdicts.

What belongs here: the rows of one country, by entry point. What does not: comparing countries.
"""

from collections.abc import Iterator
from typing import Any

from orchestration.release.site.charts import sparkline
from orchestration.release.site.model import ENTRY_POINTS
from orchestration.release.site.pages import countries
from orchestration.release.site.pages.indicators import path_of as indicator_path
from orchestration.release.site.render import HOME, Page, Site
from orchestration.release.site.territory import territory_of
from orchestration.release.site.values import Cells, cell_of
from orchestration.release.site.words import sort_key

FLAGS = ("B", "E", "I", "P")
"""Observation statuses that a reader is told; A (normal) needs no word."""


def pages(site: Site) -> Iterator[Page]:
    """One profile a member State."""
    trail = (
        (HOME, str(site.t("base.nav.home"))),
        (countries.INDEX, str(site.t("countries.title"))),
    )
    for code in site.tables.countries:
        context = _context(site, code)
        yield Page(countries.path_of(code), "country.html.j2", context["name"], context, trail)


def _context(site: Site, code: str) -> dict[str, Any]:
    cells = Cells(site)
    groups: list[dict[str, Any]] = []
    for entry_point in ENTRY_POINTS:
        rows = [
            _row(site, indicator, breakdown, code, cells)
            for indicator, row in site.tables.indicators.items()
            if row["entry_point"] == entry_point
            for breakdown in site.tables.breakdowns[indicator]
        ]
        groups.append({"title": site.words.entry_point(entry_point), "rows": rows})
    area = site.tables.countries[code]
    colours = site.tables.m1_colours[code]
    return {
        "code": code,
        "name": site.words.area(code),
        "m49": area["m49"],
        "subgroup": site.words.subgroup(area["unece_subgroup"]),
        "regions": _regions(site, code),
        "groups": groups,
        "n_series": sum(len(group["rows"]) for group in groups),
        "n_with_value": sum(row["value"].number is not None for group in groups for row in group["rows"]),
        "counts": {colour: colours[colour] for colour in ("green", "yellow", "red", "grey")},
        "assessed": colours.total() - colours["grey"],
        "availability": _availability(site, code),
        "territory": territory_of(site, [code]),
        "reasons": cells.reasons(),
    }


def _row(site: Site, indicator: str, breakdown: str, code: str, cells: Cells) -> dict[str, Any]:
    registry = site.tables.indicators[indicator]
    shape = site.tables.shapes[indicator, breakdown]
    latest = site.tables.latest.get((indicator, breakdown, code))
    if latest is not None:
        value = cells.value("rpt_observation", latest, "obs_value", shape)
    else:
        absent = (
            "NO_SOURCE" if registry["slot_reason"] else site.tables.absence.get((indicator, breakdown, code))
        )
        value = cells.absent(absent or "NO_DATA")
    verdict = site.tables.agreement.get((indicator, breakdown, code, "country"))
    return {
        "path": indicator_path(indicator),
        "title": site.words.series(indicator, breakdown),
        "unit": site.words.unit(registry["unit_measure"], shape),
        "value": value,
        "trend": sparkline(site, site.tables.history.get((indicator, breakdown, code), []), shape),
        "year": latest["time_period"] if latest else None,
        "flag": latest["obs_status"] if latest and latest["obs_status"] in FLAGS else None,
        "statuses": cells.statuses(verdict) if verdict else {},
    }


def _regions(site: Site, code: str) -> list[str]:
    """The groups of the progress tables which the country belongs to, but for the whole region."""
    names = [
        site.words.area(region)
        for region, members in site.tables.members.items()
        if code in members and region != "UNECE"
    ]
    return sorted(names, key=sort_key)


def _availability(site: Site, code: str) -> dict[str, Any] | None:
    """The country's index of availability beside that of the other members, over worldwide series."""
    row = site.tables.visibility.get(("country", code, "W"))
    if row is None:
        return None
    return {
        "own": site.n.share(row["availability_index"], cell_of("rpt_visibility", row, "availability_index")),
        "others": site.n.share(row["others_index"], cell_of("rpt_visibility", row, "others_index")),
        "n": row["n_indicators"],
    }
