"""The regional progress tables: one page a region, and the page that lists them.

What belongs here: the rows of rpt_regional_progress as a reader's table. What does not: their computation.
"""

from collections.abc import Iterator
from typing import Any

from orchestration.release.site.model import ENTRY_POINTS, PROVIDER_AREA, UNECE, Row
from orchestration.release.site.render import HOME, Page, Site
from orchestration.release.site.territory import territory_of
from orchestration.release.site.values import Cells

INDEX = "progress/index.html"
TABLE = "rpt_regional_progress"


def path_of(region: str) -> str:
    """The page of a region."""
    return f"progress/{region.lower().replace('_', '-')}.html"


def pages(site: Site) -> Iterator[Page]:
    """The list of regions and one table each."""
    title = str(site.t("progress.title"))
    home = (HOME, str(site.t("base.nav.home")))
    listed = [_listed(site, region) for region in site.tables.regional]
    yield Page(INDEX, "progress_index.html.j2", title, {"regions": listed}, (home,), "progress")
    for region in site.tables.regional:
        context = _context(site, region)
        yield Page(path_of(region), "progress.html.j2", context["name"], context, (home, (INDEX, title)))


def table_rows(site: Site, rows: list[Row], cells: Cells) -> list[dict[str, Any]]:
    """The rows by entry point: `[{title, rows}]`, in the order of the mandate."""
    groups = []
    for entry_point in ENTRY_POINTS:
        found = [_row(site, row, cells) for row in rows if row["entry_point"] == entry_point]
        if found:
            groups.append({"title": site.words.entry_point(entry_point), "rows": found})
    return groups


def counts(rows: list[Row]) -> dict[str, int]:
    """How many series carry each colour of M1, and how many are assessed."""
    colours = [row["colour"] for row in rows]
    found = {colour: colours.count(colour) for colour in ("green", "yellow", "red", "grey")}
    return {**found, "assessed": len(rows) - found["grey"], "all": len(rows)}


def headline_rows(site: Site) -> list[Row]:
    """One row for each series of the whole region: that of the provider's reporting area where the provider
    covers no more than that, else that of the 56 member States."""
    rows = []
    for row in site.tables.regional[UNECE]:
        narrow = (PROVIDER_AREA, row["indicator"], row["breakdown"])
        rows.append(site.tables.regional_row.get(narrow, row))
    return rows


def _listed(site: Site, region: str) -> dict[str, Any]:
    rows = site.tables.regional[region]
    return {
        "path": path_of(region),
        "name": site.words.area(region),
        "unverified": site.words.area_unverified(region),
        "members": len(site.tables.members.get(region, ())) or rows[0]["n_members"],
        "counts": counts(rows),
    }


def _context(site: Site, region: str) -> dict[str, Any]:
    rows = site.tables.regional[region]
    cells = Cells(site)
    groups = table_rows(site, rows, cells)
    members = sorted(site.words.area(code) for code in site.tables.members.get(region, ()))
    return {
        "region": region,
        "name": site.words.area(region),
        "groups": groups,
        "counts": counts(rows),
        "members": members if region != UNECE else [],
        "is_provider_area": region == PROVIDER_AREA,
        "unverified": site.words.area_unverified(region),
        "has_unverified_target": any(
            row["target_value"] is not None and not row["target_verified"] for row in rows
        ),
        "territory": territory_of(site, site.tables.members_of(region)),
        "reasons": cells.reasons(),
    }


def _row(site: Site, row: Row, cells: Cells) -> dict[str, Any]:
    shape = site.tables.shapes[row["indicator"], row["breakdown"]]
    return {
        "indicator": row["indicator"],
        "title": site.words.series(row["indicator"], row["breakdown"]),
        "unit": site.words.unit(row["unit_measure"], shape),
        "sdg": row["sdg_target"],
        "provider_area": row["region"] == PROVIDER_AREA,
        "base": cells.value(TABLE, row, "base_value", shape),
        "base_year": row["base_year"],
        "latest": cells.value(TABLE, row, "latest_value", shape, row["null_reason"]),
        "latest_year": row["latest_year"] if row["latest_value"] is not None else None,
        "flag": row["obs_status"] if row["obs_status"] in ("E", "P", "B") else None,
        "target": cells.value(TABLE, row, "target_value", shape),
        "target_year": row["target_year"],
        "target_unverified": row["target_value"] is not None and not row["target_verified"],
        "countries": cells.count(TABLE, row, "n_countries"),
        "members": cells.count(TABLE, row, "n_members"),
        "status": site.words.regional(row),
        "statuses": cells.statuses(row),
        "agreement": cells.share(TABLE, row, "agreement"),
        "contradiction": row["is_contradiction"],
        "robustness": row["robustness"],
    }
