"""The accessibility statement: what was checked and how, what is known to be wanting, whom to write to.

What belongs here: one page of words. What does not: the checks (tests/browser/).
"""

from collections.abc import Iterator

from orchestration.release.site.render import HOME, Page, Site

INDEX = "accessibility.html"
CHECKED = ("axe", "keyboard", "script", "narrow", "markup", "requests", "colour", "pdf")
LIMITS = ("readers", "translations", "english", "charts")


def pages(site: Site) -> Iterator[Page]:
    """The one page."""
    context = {"checked": CHECKED, "limits": LIMITS}
    trail = ((HOME, str(site.t("base.nav.home"))),)
    title = str(site.t("accessibility.title"))
    yield Page(INDEX, "accessibility.html.j2", title, context, trail, foot="accessibility")
