"""Where the gaps of each member State are: data, policy, performance and finance, by entry point.

What belongs here: the rows of rpt_gap as tables, one page an entry point. What does not: deciding what a gap
is (the table does; methodology 3.8).
"""

from collections.abc import Iterator
from typing import Any

from orchestration.release.site.model import ENTRY_POINTS, Row
from orchestration.release.site.numbers import Shape
from orchestration.release.site.pages import analysis
from orchestration.release.site.pages.countries import path_of as country_path
from orchestration.release.site.pages.indicators import path_of as indicator_path
from orchestration.release.site.render import Page, Site
from orchestration.release.site.territory import territorial_notes
from orchestration.release.site.values import Cells
from orchestration.release.site.words import Badge, sort_key

TABLE = "rpt_gap"
INDEX = analysis.path_of("gaps")
KINDS = ("data", "policy", "performance")
"""The kinds that differ by entry point; finance is one figure a country."""

PERCENT = Shape(1)
LOOKS = {True: ("red", "■", 0), False: ("green", "□", 1)}


def path_of(entry_point: str) -> str:
    """The page of an entry point."""
    return f"analysis/gaps-{entry_point.lower()}.html"


def pages(site: Site) -> Iterator[Page]:
    """The overview with the finance gap, and a page an entry point."""
    rows = site.tables.rows(TABLE)
    title = str(site.t("gaps.title"))
    trail = analysis.trail_to(site)
    by_point = {point: [row for row in rows if row["entry_point"] == point] for point in ENTRY_POINTS}
    found = {point: chosen for point, chosen in by_point.items() if chosen}
    yield Page(INDEX, "gaps.html.j2", title, _overview(site, found), trail)
    for point, chosen in found.items():
        name = str(site.words.entry_point(point))
        yield Page(path_of(point), "gap.html.j2", name, _context(site, chosen), (*trail, (INDEX, title)))


def _overview(site: Site, by_point: dict[str, list[Row]]) -> dict[str, Any]:
    cells = Cells(site)
    finance = _by_name(site, next(iter(by_point.values())))
    return {
        "points": [
            {
                "path": path_of(point),
                "name": site.words.entry_point(point),
                "counts": [_counted(rows, kind) for kind in KINDS],
            }
            for point, rows in by_point.items()
        ],
        "finance_counts": _counted(finance, "finance"),
        "finance": [_finance(site, row, cells) for row in finance],
        "reasons": cells.reasons(),
        "territory": territorial_notes(site, site.tables.countries),
    }


def _counted(rows: list[Row], kind: str) -> dict[str, int]:
    """How many countries have a gap of this kind, out of those for which that can be said."""
    states = [row[f"{kind}_gap"] for row in rows]
    return {"gap": states.count(True), "judged": len(states) - states.count(None)}


def _finance(site: Site, row: Row, cells: Cells) -> dict[str, Any]:
    return {
        "path": country_path(row["ref_area"]),
        "name": site.words.area(row["ref_area"]),
        "gap": _badge(site, row, "finance", cells),
        "own": cells.value(TABLE, row, "investment", PERCENT, row["finance_reason"]),
        "median": cells.value(TABLE, row, "investment_median", PERCENT),
        "year": row["investment_year"],
        "group": site.words.subgroup(row["unece_subgroup"]),
    }


def _context(site: Site, rows: list[Row]) -> dict[str, Any]:
    cells = Cells(site)
    counts = {kind: _counted(rows, kind) for kind in KINDS}
    shown = [kind for kind in KINDS if counts[kind]["judged"]]
    named = {code for row in rows for kind in KINDS for code in _evidence(row, kind)}
    return {
        "rows": [_country(site, row, shown, cells) for row in _by_name(site, rows)],
        "counts": counts,
        "shown": shown,
        "named": [
            {"code": code, "path": indicator_path(code), "title": site.words.indicator(code)}
            for code in sorted(named)
        ],
        "reasons": cells.reasons(),
        "territory": territorial_notes(site, site.tables.countries),
    }


def _country(site: Site, row: Row, shown: list[str], cells: Cells) -> dict[str, Any]:
    return {
        "path": country_path(row["ref_area"]),
        "name": site.words.area(row["ref_area"]),
        "availability": cells.share(TABLE, row, "availability"),
        "n_assessed": cells.count(TABLE, row, "n_assessed"),
        "n_not_green": cells.count(TABLE, row, "n_not_green"),
        "kinds": {
            kind: {
                "gap": _badge(site, row, kind, cells),
                "evidence": _evidence(row, kind),
                "peers": _peers(site, row, kind),
            }
            for kind in shown
        },
    }


def _evidence(row: Row, kind: str) -> list[str]:
    """The indicators on which the gap rests; missing policy data are evidence of a data gap."""
    codes = _codes(row[f"{kind}_evidence"])
    if kind == "data":
        codes += [code for code in _codes(row["missing_policy_data"]) if code not in codes]
    return codes if row[f"{kind}_gap"] else []


def _peers(site: Site, row: Row, kind: str) -> list[str]:
    """The countries of the sub-group without this gap, to a country that has it."""
    if not row[f"{kind}_gap"]:
        return []
    return sorted((site.words.area(code) for code in _codes(row[f"{kind}_peers"])), key=sort_key)


def _codes(listed: str | None) -> list[str]:
    return listed.split(";") if listed else []


def _badge(site: Site, row: Row, kind: str, cells: Cells) -> Badge:
    state = row[f"{kind}_gap"]
    if state is None:
        reason = row[f"{kind}_reason"]
        word = cells.absent(reason).absent
        assert word is not None, "a gap that is not judged has a reason"
        return Badge("grey", "○", word, 2)
    colour, symbol, order = LOOKS[state]
    return Badge(colour, symbol, site.t("gaps.gap" if state else "gaps.none"), order)


def _by_name(site: Site, rows: list[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: sort_key(site.words.area(row["ref_area"])))
