"""The calendar: planned publications, and the releases so far with their state.

What belongs here: dates that the plan and earlier releases state. What does not: the clock.
"""

from collections.abc import Iterator

from orchestration.release.site.render import HOME, Page, Site

INDEX = "calendar.html"


def pages(site: Site) -> Iterator[Page]:
    """The one page."""
    context = {
        "planned": sorted(site.facts.calendar, key=lambda entry: entry.at),
        "earlier": sorted(site.facts.earlier, key=lambda release: release.issued, reverse=True),
    }
    trail = ((HOME, str(site.t("base.nav.home"))),)
    yield Page(INDEX, "calendar.html.j2", str(site.t("calendar.title")), context, trail, foot="calendar")
