"""The list of indicators, by entry point.

What belongs here: finding an indicator. What does not: its page (indicator.py).
"""

from collections.abc import Iterator
from typing import Any

from orchestration.release.site.model import ENTRY_POINTS, Row
from orchestration.release.site.pages.progress import headline_rows
from orchestration.release.site.render import HOME, Page, Site

INDEX = "indicators/index.html"


def path_of(indicator: str) -> str:
    """The page of an indicator."""
    return f"indicators/{indicator}.html"


def pages(site: Site) -> Iterator[Page]:
    """The one list."""
    verdicts = {row["indicator"]: row for row in reversed(headline_rows(site))}
    groups = []
    for entry_point in ENTRY_POINTS:
        rows = [row for row in site.tables.indicators.values() if row["entry_point"] == entry_point]
        listed = [_listed(site, row, verdicts.get(row["indicator"])) for row in rows]
        groups.append({"title": site.words.entry_point(entry_point), "rows": listed})
    context = {"groups": groups, "n_indicators": len(site.tables.indicators)}
    trail = ((HOME, str(site.t("base.nav.home"))),)
    yield Page(INDEX, "indicators.html.j2", str(site.t("indicators.title")), context, trail, "indicators")


def _listed(site: Site, row: Row, verdict: Row | None) -> dict[str, Any]:
    if row["slot_reason"]:
        status = site.words.status("M1", "NO_SOURCE", "grey")
    elif row["direction"] == 0:
        status = site.words.status("M1", "NOT_ASSESSED", "grey")
    elif verdict is None:
        status = site.words.status("M1", "NO_DATA", "grey")
    else:
        status = site.words.regional(verdict)
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
