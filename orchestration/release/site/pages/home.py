"""The home page: what this release says in a few sentences, the progress table in brief, what changed.

What belongs here: sentences and figures for the first look, all computed from the tables. What does not: the
tables they point to.
"""

from collections.abc import Iterator
from typing import Any

from markupsafe import Markup

from orchestration.release.site.maps import mapped_series, status_map
from orchestration.release.site.model import PROVIDER_AREA, Row
from orchestration.release.site.pages import analysis, countries, indicators, progress, quality
from orchestration.release.site.render import DATA, HOME, Page, Site
from orchestration.release.site.values import Cells, cell_of

KEY_INDICATORS = ("A02", "A09", "W05", "W07")
"""Use of materials, circularity, waste and recycling: the mandate in four figures."""


def pages(site: Site) -> Iterator[Page]:
    """The one page."""
    rows = progress.headline_rows(site)
    assessed = [row for row in rows if row["colour"] != "grey"]
    cells = Cells(site)
    context = {
        "headlines": _headlines(site, rows),
        "figures": [figure for code in KEY_INDICATORS if (figure := _key_figure(site, code, rows))],
        "groups": progress.table_rows(site, assessed, cells),
        "n_hidden": len(rows) - len(assessed),
        "changes": _changes(site),
        "map_figure": status_map(site, "map-home", *mapped_series(site)),
        "links": _links(site),
    }
    yield Page(HOME, "home.html.j2", site.facts.title[site.language], context)


def _headlines(site: Site, rows: list[Row]) -> list[Markup]:
    """The sentences that lead the release; each counts rows of the tables."""
    t, n = site.t, site.n
    found = progress.counts(rows)
    progress_told = t(
        "home.headline.progress",
        n=found["assessed"],
        assessed=n.count(found["assessed"]),
        green=n.count(found["green"]),
        yellow=n.count(found["yellow"]),
        red=n.count(found["red"]),
    )
    # The page of the region counts fewer series: those of a narrower provider are not in its table.
    if narrow := sum(row["region"] == PROVIDER_AREA and row["colour"] != "grey" for row in rows):
        progress_told += Markup(" ") + t("home.headline.narrow", n=narrow, narrow=n.count(narrow))
    sentences = [progress_told]
    judged = [row for row in rows if row["agreement"] is not None]
    agreed = sum(row["agreement"] == 1 for row in judged)
    opposed = sum(row["is_contradiction"] for row in judged)
    sentences.append(
        t("home.headline.agreement", n=len(judged), judged=n.count(len(judged)), agreed=n.count(agreed))
        + Markup(" ")
        + t("home.headline.contradiction", n=opposed, opposed=n.count(opposed))
    )
    if gap := site.tables.visibility.get(("region", "PROGRAMME", "W")):
        sentences.append(
            t(
                "home.headline.visibility",
                own=n.share(gap["availability_index"], cell_of("rpt_visibility", gap, "availability_index")),
                others=n.share(gap["others_index"], cell_of("rpt_visibility", gap, "others_index")),
                countries=n.count(gap["n_countries"], cell_of("rpt_visibility", gap, "n_countries")),
            )
        )
    return sentences


def _key_figure(site: Site, code: str, rows: list[Row]) -> dict[str, Any] | None:
    """One figure with its base, if the release has a regional value for it."""
    row = next((row for row in rows if row["indicator"] == code and row["breakdown"] == "_T"), None)
    if row is None or row["latest_value"] is None:
        return None
    table, shape = progress.TABLE, site.tables.shapes[code, "_T"]
    base = None
    if row["base_value"] is not None:
        base = site.n.data(row["base_value"], shape, cell_of(table, row, "base_value"))
    return {
        "path": indicators.path_of(code),
        "title": site.words.indicator(code),
        "value": site.n.data(row["latest_value"], shape, cell_of(table, row, "latest_value")),
        "unit": site.words.unit(row["unit_measure"], shape),
        "year": row["latest_year"],
        "base": base,
        "base_year": row["base_year"],
        "status": site.words.regional(row),
        "narrow": site.words.area(PROVIDER_AREA) if row["region"] == PROVIDER_AREA else None,
    }


def _changes(site: Site) -> dict[str, Any]:
    """How many verdicts differ from the preceding release, and in which regions."""
    rows = site.tables.status_changes
    regional = [row for row in rows if row["area_kind"] == "region"]
    return {
        "predecessor": site.facts.predecessor,
        "n": len(rows),
        "rows": [
            {
                "path": indicators.path_of(row["indicator"]),
                "title": site.words.series(row["indicator"], row["breakdown"]),
                "area": site.words.area(row["area"]),
                "method": site.t(f"indicator.method.{row['method']}"),
                "before": site.words.status(row["method"], row["status_before"], row["colour_before"]),
                "after": site.words.status(row["method"], row["status"], row["colour"]),
                "cause": site.t(f"home.cause.{row['cause']}") if row["cause"] else None,
            }
            for row in regional
        ],
    }


def _links(site: Site) -> list[dict[str, Any]]:
    """Where to go from here."""
    ways = (
        ("progress", progress.INDEX),
        ("indicators", indicators.INDEX),
        ("countries", countries.INDEX),
        ("analysis", analysis.INDEX),
        ("data", DATA),
        ("quality", quality.INDEX),
    )
    return [
        {"path": path, "title": site.t(f"base.nav.{name}"), "text": site.t(f"home.way.{name}")}
        for name, path in ways
    ]
