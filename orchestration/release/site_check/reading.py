"""What the checks of the site look at: each page parsed once, reduced to what they ask of it.

What belongs here: the shape of a read page, reading the folder. What does not: judging (the other
modules). Nothing of a whole page is kept: a site has hundreds of them.
"""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from lxml import etree, html

from orchestration.release.site_check.marks import missing_mark
from orchestration.release.site_check.pdf_rules import PdfFile, read_pdf
from orchestration.release.site_check.structure import faults_of
from orchestration.release.wording import LANGUAGES

CHOOSER = "index.html"
"""The one page above the languages."""
_FOLLOWED = etree.XPath(
    "//@href|//@src|//@poster|//@action|//@formaction|//@cite|//@background|//object/@data"
    "|//@*[name()='xlink:href']",
    smart_strings=False,
)
"""Every attribute with one address; those with several, or with a page in them, structure.py refuses."""
_NUMBERS = etree.XPath("//data")
_TRENDS = etree.XPath("//svg[@class='spark'][ancestor::tr]")
_END = re.compile(r" (?:in|en|в) (\d{4})(?: году)?(?:, )?")
"""What follows each value in the title of a trend: first value and year, last value and year."""
_IDS = etree.XPath("//@id", smart_strings=False)
_ROWS = etree.XPath("//table[@id='progress']/tbody/tr[th[@scope='row']]")
AGREEMENT = 6
"""The cell of a progress row to which the page adds remarks; its figure alone stands in the document too."""
_FOREIGN = etree.XPath("//body//code|//body//script|//body//@lang/..")
_TEXTS = etree.XPath(
    "//body//text()|//body//@aria-label|//body//@title|//head/title/text()|//head/meta[@name='description']/@content",
    smart_strings=False,
)


@dataclass(frozen=True)
class PrintedNumber:
    """A `<data>` element: the cell it names (empty if none), its exact value and what the reader sees."""

    cell: str
    value: str
    text: str


@dataclass(frozen=True)
class ProgressRow:
    """A row of a progress table: the key which its cells name, and the text of each cell without spaces.

    Of the agreement only the figure; empty if there is none.
    """

    key: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class SitePage:
    """A page: `path` below site/, what is wrong with its structure, and what it refers to and prints.

    `texts` are those in the page's own language, spaces put in order; `unmarked` says which place of the
    illustrative mark is empty. `trends` are the ends which the titles of small drawings print: they have no
    exact value of their own, and no cell if the title cannot be read.
    """

    path: str
    language: str
    faults: tuple[str, ...]
    ids: frozenset[str]
    addresses: tuple[str, ...]
    numbers: tuple[PrintedNumber, ...]
    trends: tuple[PrintedNumber, ...]
    rows: tuple[ProgressRow, ...]
    texts: frozenset[str]
    unmarked: str | None

    @property
    def slug(self) -> str:
        """The path below the folder of the language: equal in all languages."""
        return self.path.partition("/")[2]


@dataclass(frozen=True)
class SiteContent:
    """Every file below site/: pages, PDF files, the numbers in the CSV files of figures, the paths of all."""

    pages: Mapping[str, SitePage]
    figures: Mapping[str, tuple[PrintedNumber, ...]]
    pdfs: Mapping[str, PdfFile]
    files: frozenset[str]

    @cached_property
    def by_language(self) -> dict[str, dict[str, SitePage]]:
        """The pages of each language by slug."""
        return {
            language: {
                page.slug: page for path, page in self.pages.items() if path.startswith(f"{language}/")
            }
            for language in LANGUAGES
        }


def read_site(folder: Path) -> SiteContent:
    """The site that lies in `folder`; an empty one if there is none. A file that is no page has faults."""
    files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    pages = {path: read_page((folder / path).read_bytes(), path) for path in files if path.endswith(".html")}
    figures = {path: _read_figure(folder / path) for path in files if path.endswith(".csv")}
    pdfs = {path: read_pdf(folder / path, Path(path).stem[-2:]) for path in files if path.endswith(".pdf")}
    return SiteContent(pages, figures, pdfs, frozenset(files))


def _read_figure(path: Path) -> tuple[PrintedNumber, ...]:
    """The numbers of a figure as its CSV file states them; words have no value. KeyError without a column."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return tuple(PrintedNumber(row["cell"], row["value"], row["shown"]) for row in rows if row["value"])


def read_page(source: bytes, path: str) -> SitePage:
    """One page. The same bytes and path give the same content."""
    if not source.strip():
        return SitePage(path, "", ("is empty.",), frozenset(), (), (), (), (), frozenset(), "page")
    page = html.document_fromstring(source, parser=html.HTMLParser(encoding="utf-8"))
    return SitePage(
        path=path,
        language=page.get("lang") or "",
        faults=tuple(faults_of(page)),
        ids=frozenset(_IDS(page)),
        addresses=tuple(_FOLLOWED(page)),
        numbers=tuple(
            PrintedNumber(one.get("data-cell", ""), one.get("value", ""), one.text_content())
            for one in _NUMBERS(page)
        ),
        trends=tuple(end for trend in _TRENDS(page) for end in _read_trend(trend)),
        rows=tuple(map(_read_row, _ROWS(page))),
        unmarked=missing_mark(page, path == CHOOSER),
        texts=_own_texts(page),  # the last one: it takes the page apart
    )


def _read_row(row: html.HtmlElement) -> ProgressRow:
    places = row.xpath(".//data/@data-cell")
    key = places[0].split("|")[1] if places else ""
    texts = [cell.text_content() for cell in row]
    texts[AGREEMENT : AGREEMENT + 1] = [
        "".join(cell.xpath("./data//text()")) for cell in row[AGREEMENT : AGREEMENT + 1]
    ]
    return ProgressRow(key, tuple("".join(text.split()) for text in texts))


def _read_trend(drawing: html.HtmlElement) -> Iterator[PrintedNumber]:
    """Both ends of a trend, of the series whose newest value stands first in its row."""
    title = drawing.findtext("./{*}title") or ""
    cells = next(drawing.iterancestors("tr")).xpath(".//data/@data-cell")
    ends = _END.split(title)
    if len(ends) != 5 or not cells:
        yield PrintedNumber("", "", title)
        return
    series = cells[0].rpartition(",")[0]
    for text, year in (ends[:2], ends[2:4]):
        yield PrintedNumber(f"{series},{year}|obs_value", "", text)


def _own_texts(page: html.HtmlElement) -> frozenset[str]:
    """The texts in the page's language; what is marked as another one, or as code, is taken out first."""
    for element in _FOREIGN(page):
        if element.tag in ("code", "script") or element.get("lang") != page.get("lang"):
            element.drop_tree()
    return frozenset(words for text in set(_TEXTS(page)) if (words := " ".join(text.split())))
