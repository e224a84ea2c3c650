"""Revisions and known errors: what differs from the preceding release, and what was wrong in published ones.

What belongs here: the table of revisions by indicator, changed verdicts, errata. What does not: the
comparison itself (orchestration/release/revisions.py, rpt_status_change).
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from orchestration.release.site.model import Row, in_headline_window
from orchestration.release.site.pages import quality
from orchestration.release.site.pages.indicators import path_of as indicator_path
from orchestration.release.site.render import HOME, REVISIONS, Page, Site

CHANGES = ("added", "removed", "revised", "recoded", "status")
VALUES, VERDICTS = "rpt_observation", "rpt_progress"


def pages(site: Site) -> Iterator[Page]:
    """The one page."""
    rows = [row for row in site.tables.rows("revisions") if row["table"] == VALUES or in_headline_window(row)]
    by_indicator: dict[str, list[Row]] = {}
    for row in rows:
        by_indicator.setdefault(row["indicator"], []).append(row)
    changed = site.tables.status_changes
    context = {
        "indicators": [_indicator(site, code, found) for code, found in sorted(by_indicator.items())],
        "changes": CHANGES,
        "n_values": sum(row["table"] == VALUES for row in rows),
        "n_revised": sum(row["table"] == VALUES and row["change"] == "revised" for row in rows),
        "verdicts": [_verdict(site, row) for row in changed],
        "known_errors": sorted(site.facts.errata, key=lambda erratum: erratum.found, reverse=True),
    }
    trail = (
        (HOME, str(site.t("base.nav.home"))),
        (quality.INDEX, str(site.t("quality.title"))),
    )
    yield Page(
        REVISIONS, "revisions.html.j2", str(site.t("revisions.title")), context, trail, foot="revisions"
    )


def _indicator(site: Site, code: str, rows: list[Row]) -> dict[str, Any]:
    """Counts of cells by kind of change, and the notes that persons gave for them."""
    kinds = Counter(row["change"] for row in rows if row["table"] == VALUES)
    reasons = sorted({row["reason_code"] for row in rows if row["reason_code"]})
    return {
        "path": indicator_path(code),
        "title": site.words.indicator(code),
        "counts": [kinds[kind] for kind in CHANGES],
        "verdicts": sum(row["table"] == VERDICTS for row in rows),
        "reasons": [site.t(f"revisions.reason.{code}") for code in reasons],
        "notes": sorted({note for row in rows if (note := row[f"note_{site.language}"])}),
    }


def _verdict(site: Site, row: Row) -> dict[str, Any]:
    return {
        "path": indicator_path(row["indicator"]),
        "title": site.words.series(row["indicator"], row["breakdown"]),
        "area": site.words.area(row["area"]),
        "method": site.t(f"base.column.{row['method'].lower()}"),
        "before": site.words.status(row["method"], row["status_before"], row["colour_before"]),
        "after": site.words.status(row["method"], row["status"], row["colour"]),
        "cause": site.t(f"home.cause.{row['cause']}") if row["cause"] else None,
    }
