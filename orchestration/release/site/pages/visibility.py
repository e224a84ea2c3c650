"""How visible countries and groups of countries are in the data.

What belongs here: the rows of rpt_visibility as tables, with their chart and map. What does not: the index
itself (the table has it; methodology 3.8).
"""

from collections.abc import Iterator
from typing import Any

from orchestration.release.site.charts import group_availability
from orchestration.release.site.maps import availability_map
from orchestration.release.site.model import Row
from orchestration.release.site.pages import analysis
from orchestration.release.site.pages.countries import path_of as country_path
from orchestration.release.site.pages.progress import path_of as region_path
from orchestration.release.site.render import Page, Site
from orchestration.release.site.territory import territorial_notes
from orchestration.release.site.values import Cells
from orchestration.release.site.words import sort_key

TABLE = "rpt_visibility"
INDEX = analysis.path_of("visibility")
LACKS = (
    "n_not_reported",
    "n_not_collected",
    "n_confidential",
    "n_cannot_exist",
    "n_gate_blocked",
    "n_other_reason",
)


def pages(site: Site) -> Iterator[Page]:
    """The one page."""
    cells = Cells(site)
    found = site.tables.visibility
    lacks = [name for name in LACKS if any(row[name] for row in found.values() if row["scope"] == "W")]
    groups = [region for region in site.tables.regions if ("region", region, "W") in found]
    countries = sorted(site.tables.countries, key=lambda area: sort_key(site.words.area(area)))
    context = {
        "lead": _lead(site, cells),
        "chart": group_availability(site, "visibility-groups"),
        "map_figure": availability_map(site, "visibility-map"),
        "groups": [_row(site, "region", area, lacks, cells) for area in groups],
        "countries": [
            _row(site, "country", area, lacks, cells) for area in countries if ("country", area, "W") in found
        ],
        "territory": territorial_notes(site, site.tables.countries),
        "reasons_of": [name.removeprefix("n_") for name in lacks],
    }
    title = str(site.t("visibility.title"))
    yield Page(INDEX, "visibility.html.j2", title, context, analysis.trail_to(site))


def _lead(site: Site, cells: Cells) -> dict[str, Any] | None:
    """The programme countries beside all others, if the release has that group."""
    row = site.tables.visibility.get(("region", "PROGRAMME", "W"))
    return _index(row, cells) | {"n": row["n_countries"]} if row else None


def _row(site: Site, kind: str, area: str, lacks: list[str], cells: Cells) -> dict[str, Any]:
    whole = site.tables.visibility[kind, area, "W"]
    europe = site.tables.visibility.get((kind, area, "E"))
    return {
        "name": site.words.area(area),
        "path": country_path(area) if kind == "country" else region_path(area),
        "linked": kind == "country" or area in site.tables.regional,
        **_index(whole, cells),
        "europe": cells.share(TABLE, europe, "availability_index") if europe else None,
        "without": cells.count(TABLE, whole, "n_without_value"),
        "all": cells.count(TABLE, whole, "n_cells"),
        "lacks": [cells.count(TABLE, whole, column) for column in lacks],
    }


def _index(row: Row, cells: Cells) -> dict[str, Any]:
    return {
        "own": cells.share(TABLE, row, "availability_index"),
        "others": cells.share(TABLE, row, "others_index"),
        "gap": cells.share(TABLE, row, "visibility_gap"),
        "members": cells.count(TABLE, row, "n_countries"),
    }
