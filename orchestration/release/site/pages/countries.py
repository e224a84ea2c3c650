"""The list of the 56 member States.

What belongs here: finding a country. What does not: its profile (country.py).
"""

from collections.abc import Iterator
from typing import Any

from orchestration.release.site.render import HOME, Page, Site
from orchestration.release.site.values import cell_of
from orchestration.release.site.words import sort_key

INDEX = "countries/index.html"


def path_of(country: str) -> str:
    """The profile of a country."""
    return f"countries/{country}.html"


def pages(site: Site) -> Iterator[Page]:
    """The one list."""
    rows = sorted(
        (_listed(site, code) for code in site.tables.countries), key=lambda row: sort_key(row["name"])
    )
    trail = ((HOME, str(site.t("base.nav.home"))),)
    title = str(site.t("countries.title"))
    yield Page(INDEX, "countries.html.j2", title, {"rows": rows}, trail, "countries")


def _listed(site: Site, code: str) -> dict[str, Any]:
    counted = site.tables.m1_colours[code]
    visibility = site.tables.visibility.get(("country", code, "W"))
    return {
        "path": path_of(code),
        "code": code,
        "name": site.words.area(code),
        "subgroup": site.words.subgroup(site.tables.countries[code]["unece_subgroup"]),
        "counts": [site.n.count(counted[colour]) for colour in ("green", "yellow", "red", "grey")],
        "availability": site.n.share(
            visibility["availability_index"], cell_of("rpt_visibility", visibility, "availability_index")
        )
        if visibility
        else None,
    }
