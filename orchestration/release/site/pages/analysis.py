"""The list of analyses: gaps, visibility, decoupling, policies.

What belongs here: finding an analysis, and the trail that they share. What does not: the analyses themselves.
"""

from collections.abc import Iterator

from orchestration.release.site.render import HOME, Page, Site

INDEX = "analysis/index.html"
ANALYSES = ("gaps", "visibility", "decoupling", "policies")


def path_of(analysis: str) -> str:
    """The page of an analysis."""
    return f"analysis/{analysis}.html"


def pages(site: Site) -> Iterator[Page]:
    """The one list."""
    title = str(site.t("analysis.title"))
    ways = [
        {"path": path_of(name), "title": site.t(f"{name}.title"), "text": site.t(f"analysis.way.{name}")}
        for name in ANALYSES
    ]
    yield Page(INDEX, "analysis.html.j2", title, {"ways": ways}, trail_to(site)[:1], "analysis")


def trail_to(site: Site) -> tuple[tuple[str, str], ...]:
    """The way from home to an analysis."""
    return ((HOME, str(site.t("base.nav.home"))), (INDEX, str(site.t("analysis.title"))))
