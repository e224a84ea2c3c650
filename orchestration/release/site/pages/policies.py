"""Which policies are in place: the latest state of each policy indicator in each member State.

What belongs here: the rows of rpt_policy_map, a table a theme. What does not: deciding whether a minimum is
met (the table does; methodology 3.8).
"""

from collections.abc import Iterator
from typing import Any

from orchestration.release.site.model import Row
from orchestration.release.site.numbers import Shape
from orchestration.release.site.pages import analysis
from orchestration.release.site.pages.countries import path_of as country_path
from orchestration.release.site.pages.indicators import path_of as indicator_path
from orchestration.release.site.render import Page, Site
from orchestration.release.site.territory import territorial_notes
from orchestration.release.site.values import Cells
from orchestration.release.site.words import Badge, sort_key

TABLE = "rpt_policy_map"
INDEX = analysis.path_of("policies")
THEMES = ("SPP", "INSTRUMENTS", "MEA_REPORTING", "FISCAL", "EDUCATION", "TOURISM_ACCOUNTS")
MET, BELOW = ("green", "▲", 0), ("yellow", "◆", 1)


def pages(site: Site) -> Iterator[Page]:
    """The one page."""
    rows = site.tables.rows(TABLE)
    cells = Cells(site)
    themes = [_theme(site, theme, [row for row in rows if row["theme"] == theme], cells) for theme in THEMES]
    context = {
        "summary": _summary(site, rows, cells),
        "themes": [theme for theme in themes if theme["columns"] or theme["slots"]],
        "reasons": cells.reasons(),
        "territory": territorial_notes(site, site.tables.countries),
    }
    title = str(site.t("policies.title"))
    yield Page(INDEX, "policies.html.j2", title, context, analysis.trail_to(site))


def _summary(site: Site, rows: list[Row], cells: Cells) -> list[dict[str, Any]]:
    """The indicators with a minimum: how many countries reach it, stay below it, have no value."""
    ruled: dict[str, list[Row]] = {}
    for row in rows:
        if row["minimum"] is not None:
            ruled.setdefault(row["indicator"], []).append(row)
    return [
        {
            "path": indicator_path(indicator),
            "title": site.words.indicator(indicator),
            "minimum": cells.value(TABLE, found[0], "minimum", Shape(0)),
            "unit": site.words.unit(found[0]["unit_measure"]),
            "met": [row["meets_minimum"] for row in found].count(True),
            "below": [row["meets_minimum"] for row in found].count(False),
            "without": [row["meets_minimum"] for row in found].count(None),
        }
        for indicator, found in sorted(ruled.items())
    ]


def _theme(site: Site, theme: str, rows: list[Row], cells: Cells) -> dict[str, Any]:
    slots = sorted({row["indicator"] for row in rows if row["slot_reason"]})
    connected = [row for row in rows if not row["slot_reason"]]
    columns = sorted(
        {(row["indicator"], row["breakdown"]) for row in connected},
        key=lambda series: (series[0], series[1] != "_T", series[1]),
    )
    found = {(row["ref_area"], row["indicator"], row["breakdown"]): row for row in connected}
    countries = sorted(site.tables.countries, key=lambda area: sort_key(site.words.area(area)))
    return {
        "id": theme.lower().replace("_", "-"),
        "name": site.t(f"policies.theme.{theme}"),
        "columns": [_column(site, *series) for series in columns],
        "slots": [
            {"title": site.words.indicator(code), "path": indicator_path(code), "why": site.words.slot(code)}
            for code in slots
        ],
        "rows": [
            {
                "name": site.words.area(area),
                "path": country_path(area),
                "cells": [_cell(site, found.get((area, *series)), cells) for series in columns],
            }
            for area in countries
        ],
    }


def _column(site: Site, indicator: str, breakdown: str) -> dict[str, Any]:
    unit = site.tables.indicators[indicator]["unit_measure"]
    return {
        "title": site.words.series(indicator, breakdown),
        "unit": site.words.unit(unit, site.tables.shapes.get((indicator, breakdown))),
    }


def _cell(site: Site, row: Row | None, cells: Cells) -> dict[str, Any]:
    """A value with its year, its level in words, and whether it reaches the minimum, if there is one."""
    if row is None or row["latest_value"] is None:
        reason = row["null_reason"] if row else "NO_DATA"
        return {"value": cells.absent(reason), "year": None, "level": None, "verdict": None}
    shape = site.tables.shapes[row["indicator"], row["breakdown"]]
    return {
        "value": cells.value(TABLE, row, "latest_value", shape),
        "year": row["latest_year"],
        "level": site.t(f"policies.level.{row['spp_level']}") if row["spp_level"] else None,
        "verdict": None if row["meets_minimum"] is None else _verdict(site, row["meets_minimum"]),
    }


def _verdict(site: Site, met: bool) -> Badge:
    colour, symbol, order = MET if met else BELOW
    return Badge(colour, symbol, site.t("policies.met" if met else "policies.below"), order)
