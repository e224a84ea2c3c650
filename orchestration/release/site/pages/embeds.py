"""Small pages of one figure each, to be framed by other sites, and the page that lists them.

What belongs here: what such a page shows beside its figure. What does not: the figures (charts/, maps.py).
"""

from collections.abc import Iterator

from orchestration.release.site.figures import Figure
from orchestration.release.site.maps import mapped_series, status_map
from orchestration.release.site.pages.indicator import main_region, trend_of
from orchestration.release.site.pages.indicators import path_of as indicator_path
from orchestration.release.site.render import DATA, HOME, Page, Site

INDEX = "data/embeds.html"
TEMPLATE = "embed.html.j2"
MAP = "embeds/map.html"
HEIGHTS = {"map": 900, "series": 760}
"""Heights in pixels that show a figure 600 pixels wide without scrolling."""


def path_of(indicator: str, breakdown: str) -> str:
    """The page of a series."""
    part = "" if breakdown == "_T" else f"-{breakdown.lower().replace('_', '-')}"
    return f"embeds/{indicator}{part}.html"


def pages(site: Site) -> Iterator[Page]:
    """The list, the map, and a page for each series that has a line over time."""
    mapped = mapped_series(site)
    figures = [_page(MAP, "map", HOME, indicator_path(mapped[0]), status_map(site, "map-embed", *mapped))]
    for code, breakdowns in site.tables.breakdowns.items():
        region = main_region(site, code)
        for breakdown in breakdowns:
            if figure := trend_of(site, code, breakdown, region):
                whole = indicator_path(code)
                figures.append(_page(path_of(code, breakdown), "series", whole, whole, figure))
    title = str(site.t("embeds.title"))
    trail = ((HOME, str(site.t("base.nav.home"))), (DATA, str(site.t("data.title"))))
    listed = [
        {
            "path": page.path,
            "title": page.title,
            "address": site.facts.place_of(f"{site.language}/{page.path}"),
            "height": page.context["height"],
        }
        for page in figures
    ]
    yield Page(INDEX, "embeds.html.j2", title, {"listed": listed}, trail, foot="embeds")
    yield from figures


def _page(path: str, kind: str, whole: str, shows: str, figure: Figure) -> Page:
    """A frame that leads to the page `whole` and carries what is known wrong on the page it `shows`."""
    context = {"figure_of": figure, "whole": whole, "shows": shows, "height": HEIGHTS[kind]}
    return Page(path, TEMPLATE, figure.title, context)
