"""Pages become files: the shape of a page, links between pages, the template environment.

What belongs here: what every page kind shares on its way to HTML. What does not: any page's content (pages/),
words (texts.py), which page kinds there are (build.py).
"""

import posixpath
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from connectors.errors import CheckError
from orchestration.release.marks import MARK_BY_LANGUAGE
from orchestration.release.names import BundleNames
from orchestration.release.site.facts import Erratum, SiteFacts
from orchestration.release.site.figures import MEDIA, Figure
from orchestration.release.site.model import ReleaseTables
from orchestration.release.site.numbers import Numbers
from orchestration.release.site.texts import Texts
from orchestration.release.site.words import Words

HOME = "index.html"
DATA = "data/index.html"
REVISIONS = "quality/revisions.html"
"""Where every page with a known error points to."""


@dataclass(frozen=True)
class Page:
    """One page of one language. `path` is relative to the language's folder and equal in all languages.

    `trail` is the way from home as (path, title); `nav` names its entry in the navigation and `foot` its
    entry at the foot of every page, if it has one.
    """

    path: str
    template: str
    title: str
    context: Mapping[str, Any]
    trail: Sequence[tuple[str, str]] = ()
    nav: str | None = None
    foot: str | None = None


@dataclass(frozen=True)
class Site:
    """What a page module is given: one release in one language.

    `drawn` keeps the figures that stand on two pages; `files` collects the files of the figures which the
    rendered pages offer: path below the language's folder, figure, kind.
    """

    language: str
    facts: SiteFacts
    tables: ReleaseTables
    t: Texts
    n: Numbers
    words: Words
    drawn: dict[tuple[str, ...], Figure] = field(default_factory=dict)
    files: dict[str, tuple[Figure, str]] = field(default_factory=dict)


def site_environment() -> Environment:
    """The templates of templates/site/, all text escaped, unknown names refused."""
    with resources.as_file(resources.files("orchestration.release") / "templates" / "site") as folder:
        return Environment(
            loader=FileSystemLoader(str(folder)),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )


def render_page(environment: Environment, site: Site, page: Page, pages: Mapping[str, Page]) -> str:
    """The HTML of `page`. `pages` are all pages of its language by path; a link to another is refused."""

    def url(path: str, fragment: str = "") -> str:
        if path not in pages:
            raise CheckError(
                f"Page {site.language}/{page.path} links to {path}, which the site does not have."
            )
        return _relative(page.path, path) + (f"#{fragment}" if fragment else "")

    def asset(path: str) -> str:
        return _relative(f"{site.language}/{page.path}", path)

    def bundled(path: str) -> str:
        return _relative(f"site/{site.language}/{page.path}", path)

    def files(figure: Figure, identifier: str) -> list[dict[str, str]]:
        return _offer(site, page, figure, identifier)

    ways = {"url": url, "asset": asset, "bundled": bundled, "files": files}
    return environment.get_template(page.template).render(
        **page.context, **_common(site), **_around(site, page, pages), **ways
    )


def _common(site: Site) -> dict[str, Any]:
    """What templates are given on every page of a language."""
    return {
        "facts": site.facts,
        "language": site.language,
        "t": site.t,
        "n": site.n,
        "words": site.words,
        "mark": MARK_BY_LANGUAGE[site.language] if site.facts.illustrative else "",
        "revisions": REVISIONS,
    }


def _around(site: Site, page: Page, pages: Mapping[str, Page]) -> dict[str, Any]:
    """What stands around the content of a page: its ways to others, its errata, its addresses."""
    nav = [other for other in pages.values() if other.nav]
    places = {language: f"{language}/{page.path}" for language in site.facts.languages}
    own = f"{site.language}/{page.path}"
    return {
        "page": page,
        "nav": nav,
        "foot": [other for other in pages.values() if other.foot],
        "section": _section(page, nav),
        "errata": _errata_of(site, page),
        "exists": pages.__contains__,
        "title_of": lambda path: pages[path].title,
        "languages": [(one, NAMES[one], _relative(own, place)) for one, place in places.items()],
        "permanent": site.facts.place_of(own) if site.facts.address else "",
    }


def _errata_of(site: Site, page: Page) -> list[Erratum]:
    """The errata that touch `page`; a frame of one figure is touched with the indicator it shows."""
    own = (page.path, page.context.get("shows", page.path))
    return [erratum for erratum in site.facts.errata if any(map(erratum.touches, own))]


def _offer(site: Site, page: Page, figure: Figure, identifier: str) -> list[dict[str, str]]:
    """Note the files of a figure beside the page, and say their names."""
    folder, name = posixpath.split(page.path)
    stem = BundleNames(site.facts.illustrative).named(f"{name.removesuffix('.html')}-{identifier}")
    offered = []
    for kind in figure.kinds:
        site.files[posixpath.join(folder, f"{stem}.{kind}")] = (figure, kind)
        offered.append({"kind": kind, "name": f"{stem}.{kind}", "media": MEDIA[kind]})
    return offered


NAMES = {"en": "English", "fr": "Français", "ru": "Русский"}
"""Languages call themselves by their own names."""


def _section(page: Page, nav: Sequence[Page]) -> str:
    """The navigation entry to which a page belongs: its own, or the nearest one on its trail."""
    paths = {other.path for other in nav}
    way = [page.path, *(path for path, _ in reversed(page.trail))]
    return next((path for path in way if path in paths and path != HOME), "")


def _relative(source: str, target: str) -> str:
    return _way(posixpath.dirname(source) or ".", target)


@cache
def _way(folder: str, target: str) -> str:
    """From a folder to a file: pages of one folder lead to the same few hundred files all over."""
    return posixpath.relpath(target, folder)
