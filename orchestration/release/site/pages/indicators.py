"""The list of indicators, by entry point.

What belongs here: finding an indicator. What does not: its page (indicator.py).
"""

from collections.abc import Iterator
from typing import Any

from orchestration.release.site.model import ENTRY_POINTS, Row
from orchestration.release.site.pages.progress import headline_rows
from orchestration.release.site.palette import STATUS_ORDER, STATUS_SYMBOL
from orchestration.release.site.render import HOME, Page, Site
from orchestration.release.site.words import Badge

INDEX = "indicators/index.html"
TOTAL = "_T"


def path_of(indicator: str) -> str:
    """The page of an indicator."""
    return f"indicators/{indicator}.html"


def pages(site: Site) -> Iterator[Page]:
    """The one list."""
    by_indicator: dict[str, list[Row]] = {}
    for row in headline_rows(site):
        by_indicator.setdefault(row["indicator"], []).append(row)
    groups = []
    for entry_point in ENTRY_POINTS:
        rows = [row for row in site.tables.indicators.values() if row["entry_point"] == entry_point]
        listed = [_listed(site, row, by_indicator.get(row["indicator"], [])) for row in rows]
        groups.append({"title": site.words.entry_point(entry_point), "rows": listed})
    context = {"groups": groups, "n_indicators": len(site.tables.indicators)}
    trail = ((HOME, str(site.t("base.nav.home"))),)
    yield Page(INDEX, "indicators.html.j2", str(site.t("indicators.title")), context, trail, "indicators")


def _listed(site: Site, row: Row, verdicts: list[Row]) -> dict[str, Any]:
    """An indicator of the list; `verdicts` are the rows of its series for the region."""
    if row["slot_reason"]:
        status = site.words.status("M1", "NO_SOURCE", "grey")
    elif row["direction"] == 0:
        status = site.words.status("M1", "NOT_ASSESSED", "grey")
    elif not verdicts:
        status = site.words.status("M1", "NO_DATA", "grey")
    else:
        status = _verdict(site, verdicts)
    return {
        "path": path_of(row["indicator"]),
        "code": row["indicator"],
        "title": site.words.indicator(row["indicator"]),
        "unit": site.words.unit(row["unit_measure"]),
        "direction": site.t(f"indicator.direction.{ {1: 'up', -1: 'down', 0: 'none'}[row['direction']] }"),
        "sdg": row["sdg_target"],
        "frequency": site.t(f"indicator.frequency.{row['frequency']}"),
        "status": status,
    }


def _verdict(site: Site, rows: list[Row]) -> Badge:
    """The verdict on the whole indicator. No component speaks for the others: where they differ and nothing
    judges them together, the page of the indicator has each."""
    whole = [row for row in rows if row["breakdown"] == TOTAL]
    told = {(row["status"], row["colour"]) for row in whole or rows}
    together = site.tables.agreement.get((rows[0]["indicator"], TOTAL, rows[0]["region"], "region"))
    if not whole and together and together["m1_status"]:
        told = {(together["m1_status"], together["m1_colour"])}
    if len(told) > 1:
        return Badge(
            "grey", STATUS_SYMBOL["grey"], site.t("indicators.by_component"), STATUS_ORDER.index("grey")
        )
    ((status, colour),) = told
    return site.words.regional({"status": status, "colour": colour})
