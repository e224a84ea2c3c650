"""The whole site of a release, written into a folder.

What belongs here: which page kinds there are, in which order, and writing every file. What does not: a page's
content (pages/), how a page becomes HTML (render.py).

The same tables and facts give the same bytes.
"""

import shutil
from collections.abc import Callable, Iterator, Mapping
from importlib import resources
from pathlib import Path

import pyarrow as pa

from connectors.errors import CheckError
from orchestration.release.marks import MARK_BY_LANGUAGE
from orchestration.release.site.facts import SiteFacts
from orchestration.release.site.figure_files import content_of
from orchestration.release.site.model import ReleaseTables
from orchestration.release.site.numbers import Numbers
from orchestration.release.site.pages import (
    accessibility,
    analysis,
    calendar,
    countries,
    country,
    data,
    decoupling,
    embeds,
    gaps,
    home,
    indicator,
    indicators,
    policies,
    progress,
    quality,
    revisions,
    visibility,
)
from orchestration.release.site.palette import MUTED
from orchestration.release.site.pdf import pdf_name, write_progress_pdf
from orchestration.release.site.render import NAMES, Page, Site, render_page, site_environment
from orchestration.release.site.texts import Texts, load_texts
from orchestration.release.site.words import Words

PAGE_KINDS: tuple[Callable[[Site], Iterator[Page]], ...] = (
    home.pages,
    progress.pages,
    indicators.pages,
    indicator.pages,
    countries.pages,
    country.pages,
    analysis.pages,
    gaps.pages,
    visibility.pages,
    decoupling.pages,
    policies.pages,
    data.pages,
    quality.pages,
    revisions.pages,
    calendar.pages,
    embeds.pages,
    accessibility.pages,
)
"""In the order of the navigation, at the head and at the foot of a page."""

STATIC = ("icon.svg", "site.css", "table.js")


def build_site(dest: Path, tables: Mapping[str, pa.Table], facts: SiteFacts) -> None:
    """Write the site into `dest`, which must not exist or be empty.

    `tables` are the release's own, by name. Raises CheckError for a text, a name or a table that is missing
    and for a link to a page which the site does not have.
    """
    if dest.exists() and any(dest.iterdir()):
        raise CheckError(f"The folder {dest.name} of the site is not empty. Choose a new one.")
    model = ReleaseTables(tables)
    for language in facts.languages:
        write_language(dest, language, model, facts)
        write_pdf(dest, language, model, facts)
    write_common(dest, facts)


def write_language(dest: Path, language: str, model: ReleaseTables, facts: SiteFacts) -> None:
    """Write every page of one language below `dest`."""
    environment = site_environment()
    site = open_site(language, model, facts)
    pages = collect_pages(site)
    for page in pages.values():
        _write(dest / language / page.path, render_page(environment, site, page, pages))
    for path, (figure, kind) in site.files.items():
        (dest / language / path).write_bytes(content_of(site, figure, kind))


def write_pdf(dest: Path, language: str, model: ReleaseTables, facts: SiteFacts) -> None:
    """Write the progress tables of one language as PDF; it prints nothing of `facts.files`."""
    dest.mkdir(parents=True, exist_ok=True)
    write_progress_pdf(
        dest / pdf_name(facts, language), open_site(language, model, facts), site_environment()
    )


def write_common(dest: Path, facts: SiteFacts) -> None:
    """Write what the languages share: the choice between them, style, script and fonts."""
    chooser = (
        site_environment()
        .get_template("chooser.html.j2")
        .render(
            names=[(language, NAMES[language], facts.title[language]) for language in facts.languages],
            marks=[MARK_BY_LANGUAGE[language] for language in facts.languages] if facts.illustrative else [],
            facts=facts,
        )
    )
    _write(dest / "index.html", chooser)
    _write_static(dest / "static", facts)


def open_site(language: str, tables: ReleaseTables, facts: SiteFacts) -> Site:
    """One release in one language, as page modules need it."""
    texts = Texts(language, load_texts())
    return Site(language, facts, tables, texts, Numbers(language), Words(tables, texts))


def collect_pages(site: Site) -> dict[str, Page]:
    """Every page of one language by path. Raises CheckError if two kinds claim one path."""
    pages: dict[str, Page] = {}
    for kind in PAGE_KINDS:
        for page in kind(site):
            if page.path in pages:
                raise CheckError(f"Two pages of the site are called {page.path}.")
            pages[page.path] = page
    return pages


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def _write_static(dest: Path, facts: SiteFacts) -> None:
    """Style, script and fonts; the style names the release at the foot of every printed page."""
    with resources.as_file(resources.files("orchestration.release") / "site" / "static") as source:
        for name in STATIC:
            _write(dest / name, (source / name).read_text(encoding="utf-8"))
        shutil.copytree(source / "fonts", dest / "fonts", copy_function=shutil.copyfile)
    look = f'font: 8pt "Circularity Sans", Arial, sans-serif; color: {MUTED};'
    foot = f'\n@page {{ @bottom-left {{ content: "{facts.release}"; {look} }} }}\n'
    with (dest / "site.css").open("a", encoding="utf-8", newline="\n") as stream:
        stream.write(foot)
