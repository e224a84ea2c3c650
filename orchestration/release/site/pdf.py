"""The regional progress tables as a tagged PDF, one file a language.

What belongs here: turning the rows of the progress pages into a document, and the call of the renderer. What
does not: the rows (pages/progress.py), the look (static/pdf.css), checking the file (site_check/).

PDF/UA-1 with language and title; the fonts are those of the site and lie inside the file. The same tables
give the same bytes: there is no clock and no random identifier in it.
"""

import gc
import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from typing import Any

from jinja2 import Environment

from orchestration.release.marks import MARK_BY_LANGUAGE
from orchestration.release.names import BundleNames
from orchestration.release.site.facts import SiteFacts
from orchestration.release.site.pages import progress
from orchestration.release.site.pdf_renderer import find_renderer
from orchestration.release.site.render import Site
from orchestration.release.site.territory import territory_of
from orchestration.release.site.values import Cells

TEMPLATE = "progress_pdf.html.j2"
STYLE = "pdf.css"
_EXACT = re.compile("</?data[^>]*>")
"""Around a printed number: what a page says of it to a program. Paper cannot, and it costs much time."""


def pdf_name(facts: SiteFacts, language: str) -> str:
    """The file of a language, relative to the site."""
    return BundleNames(facts.illustrative).named(f"progress_{language}.pdf")


def write_progress_pdf(dest: Path, site: Site, environment: Environment) -> None:
    """Write the document of the site's language to `dest`.

    Raises CheckError if the machine lacks the text library that the renderer needs.
    """
    renderer = find_renderer()
    page = environment.get_template(TEMPLATE).render(
        facts=site.facts,
        language=site.language,
        t=site.t,
        n=site.n,
        words=site.words,
        mark=MARK_BY_LANGUAGE[site.language] if site.facts.illustrative else "",
        **_content(site),
    )
    fonts = renderer.text.fonts.FontConfiguration()
    fetcher = renderer.urls.URLFetcher(allowed_protocols=("file",), fail_on_errors=True)
    with resources.as_file(resources.files("orchestration.release") / "site") as package:
        style = renderer.CSS(filename=package / "static" / STYLE, font_config=fonts, url_fetcher=fetcher)
        document = renderer.HTML(string=_EXACT.sub("", page), base_url=str(package), url_fetcher=fetcher)
        with _no_collection():
            document.write_pdf(
                dest,
                stylesheets=[style],
                font_config=fonts,
                pdf_variant="pdf/ua-1",
                pdf_identifier=f"{site.facts.release} {site.language}".encode(),
                pdf_tags=True,
                finisher=_give_scopes,
            )


@contextmanager
def _no_collection() -> Iterator[None]:
    """Without a search for garbage: the boxes of a document all live until it is written, so that looking
    through them again and again frees nothing and takes a quarter of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _give_scopes(_: Any, pdf: Any) -> None:
    """Give every head of a table the scope which the renderer leaves out: it links heads to cells by id only.

    PDF knows rows and columns: the head of a group of rows spans the columns below it.
    """
    tagged: list[Any] = [one for one in pdf.objects if isinstance(one, dict) and "P" in one and "S" in one]
    elements = {one.reference: one for one in tagged}
    for head in (one for one in elements.values() if one["S"] == "/TH"):
        part = elements[elements[head["P"]]["P"]]
        heads_column = part["S"] == "/THead" or "ColSpan" in head["A"]
        head["A"]["Scope"] = "/Column" if heads_column else "/Row"


def _content(site: Site) -> dict[str, Any]:
    """Every region with the series that have a value or a verdict, how many have neither, and what is known
    wrong on a region's page."""
    cells = Cells(site)
    paths = [progress.path_of(region) for region in site.tables.regional]
    return {
        "errata": [erratum for erratum in site.facts.errata if any(map(erratum.touches, paths))],
        "regions": [_region(site, region, cells) for region in site.tables.regional],
        "reasons": cells.reasons(),
        "territory": territory_of(site, site.tables.countries),
    }


def _region(site: Site, region: str, cells: Cells) -> dict[str, Any]:
    rows = site.tables.regional[region]
    shown = [row for row in rows if row["latest_value"] is not None or row["colour"] != "grey"]
    return {
        "id": region.lower().replace("_", "-"),
        "name": site.words.area(region),
        "unverified": site.words.area_unverified(region),
        "counts": progress.counts(rows),
        "groups": progress.table_rows(site, shown, cells),
        "n_hidden": len(rows) - len(shown),
    }
