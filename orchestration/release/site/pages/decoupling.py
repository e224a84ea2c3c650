"""Whether material use and economic growth part ways, from production and from the footprint.

What belongs here: the rows of rpt_decoupling with both perspectives side by side. What does not: the classes
(the table has them; methodology 3.7), the charts (charts/decoupling.py).
"""

from collections.abc import Iterator
from typing import Any

from markupsafe import Markup

from orchestration.release.site.charts import decoupling_areas
from orchestration.release.site.model import Row
from orchestration.release.site.numbers import Shape
from orchestration.release.site.pages import analysis
from orchestration.release.site.pages.countries import path_of as country_path
from orchestration.release.site.pages.progress import path_of as region_path
from orchestration.release.site.render import Page, Site
from orchestration.release.site.values import Cells
from orchestration.release.site.words import sort_key

TABLE = "rpt_decoupling"
INDEX = analysis.path_of("decoupling")
PERSPECTIVES = ("production", "footprint")
PERCENT = Shape(1)
RATIO = Shape(2)


def pages(site: Site) -> Iterator[Page]:
    """The one page."""
    rows = site.tables.rows(TABLE)
    cells = Cells(site)
    spans = sorted({row["span_years"] for row in rows}, reverse=True)
    context = {
        "spans": [_span(site, rows, span, cells) for span in spans],
        "reasons": cells.reasons(),
    }
    title = str(site.t("decoupling.title"))
    yield Page(INDEX, "decoupling.html.j2", title, context, analysis.trail_to(site))


def _span(site: Site, rows: list[Row], span: int, cells: Cells) -> dict[str, Any]:
    found = {
        (row["area_kind"], row["area"], row["perspective"]): row for row in rows if row["span_years"] == span
    }
    countries = sorted(site.tables.countries, key=lambda area: sort_key(site.words.area(area)))
    return {
        "years": span,
        "figures": [
            (
                f"{perspective}-{span}",
                decoupling_areas(site, f"tapio-{perspective}-{span}", perspective, span),
            )
            for perspective in PERSPECTIVES
        ],
        "regions": [
            _area(site, "region", area, found, cells)
            for area in site.tables.regions
            if any(("region", area, perspective) in found for perspective in PERSPECTIVES)
        ],
        "countries": [_area(site, "country", area, found, cells) for area in countries],
    }


def _area(
    site: Site, kind: str, area: str, found: dict[tuple[str, str, str], Row], cells: Cells
) -> dict[str, Any]:
    return {
        "name": site.words.area(area),
        "path": country_path(area) if kind == "country" else region_path(area),
        "linked": kind == "country" or area in site.tables.regional,
        "views": [_view(site, found.get((kind, area, perspective)), cells) for perspective in PERSPECTIVES],
    }


def _view(site: Site, row: Row | None, cells: Cells) -> dict[str, Any]:
    """One perspective on an area; a release without the row says that there are no data."""
    if row is None:
        word = cells.absent("NO_DATA").absent
        return dict.fromkeys(("gdp", "pressure", "elasticity", "years", "moved")) | {"class": word}
    has_class = row["null_reason"] is None
    named = f"charts.decoupling.class.{row['decoupling_class']}"
    return {
        "gdp": cells.value(TABLE, row, "gdp_change", PERCENT),
        "pressure": cells.value(TABLE, row, "pressure_change", PERCENT),
        "elasticity": cells.value(TABLE, row, "elasticity", RATIO),
        "class": site.t(named) if has_class else cells.absent(row["null_reason"]).absent,
        "years": _years(site, row) if has_class else None,
        "moved": cells.count(TABLE, row, "n_flips") if has_class and row["n_flips"] else None,
    }


def _years(site: Site, row: Row) -> Markup:
    """The two means of years that are compared."""
    names = ("start_first_year", "start_last_year", "end_first_year", "end_last_year")
    return site.t("decoupling.years", **{name: row[name] for name in names})
