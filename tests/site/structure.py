"""Structural faults of a page, found without a browser.

What belongs here: rules which every page of the site has to keep, each as one plain finding. What does not:
contrast, keyboard and everything else that only a browser can judge.
"""

import posixpath
from collections.abc import Iterator
from pathlib import Path

from lxml import html

EXTERNAL = ("http:", "https:", "//", "ftp:")
LOADED = (
    ("script", "src"),
    ("link", "href"),
    ("img", "src"),
    ("source", "src"),
    ("iframe", "src"),
    ("use", "href"),
)


def faults(source: str, path: str, site: Path) -> list[str]:
    """Every fault of the page `source`, which stands at `path` below the folder `site`."""
    page = html.document_fromstring(source)
    return [
        *_head(page),
        *_outline(page),
        *_tables(page),
        *_inline(page),
        *_references(page, path, site),
    ]


def _head(page: html.HtmlElement) -> Iterator[str]:
    if page.get("lang") not in ("en", "fr", "ru"):
        yield "no language"
    if not page.findtext(".//title"):
        yield "no title"
    policies = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    if not policies or not policies[0].startswith("default-src 'none';"):
        yield "no content security policy"


def _outline(page: html.HtmlElement) -> Iterator[str]:
    if len(page.xpath("//h1")) != 1:
        yield "not exactly one h1"
    if len(page.xpath("//main")) != 1:
        yield "not exactly one main"
    levels = [int(head.tag[1]) for head in page.xpath("//h1|//h2|//h3|//h4")]
    if any(later > earlier + 1 for earlier, later in zip(levels, levels[1:], strict=False)):
        yield "a heading skips a level"
    ids = page.xpath("//@id")
    yield from (f"id {name} twice" for name in sorted({name for name in ids if ids.count(name) > 1}))
    for name in page.xpath("//@aria-labelledby|//@aria-describedby|//label/@for|//@data-for"):
        if name not in ids:
            yield f"refers to the missing id {name}"
    if "None" in {text.strip() for text in page.itertext()}:
        yield "prints None"


def _tables(page: html.HtmlElement) -> Iterator[str]:
    for table in page.xpath("//table"):
        if not "".join(table.xpath("./caption//text()")).strip():
            yield "a table has no caption"
        if table.xpath(".//th[not(@scope)]"):
            yield "a head of a table has no scope"
        width = len(table.xpath("./thead/tr[last()]/*"))
        for row in table.xpath("./tbody/tr"):
            if sum(int(cell.get("colspan", "1")) for cell in row) != width:
                yield f"a row of a table has not {width} cells"
                break
        region = table.getparent()
        if region.get("tabindex") != "0" or region.get("role") != "region":
            yield "a table stands in no region that scrolls by keyboard"
        elif not (region.get("aria-labelledby") or region.get("aria-label")):
            yield "a region that scrolls has no name"


def _inline(page: html.HtmlElement) -> Iterator[str]:
    if page.xpath("//@style") or page.xpath("//style"):
        yield "style inside the page"
    if page.xpath("//script[not(@src)]") or page.xpath("//@*[starts-with(name(), 'on')]"):
        yield "script inside the page"


def _references(page: html.HtmlElement, path: str, site: Path) -> Iterator[str]:
    for tag, attribute in LOADED:
        for address in page.xpath(f"//{tag}/@{attribute}"):
            if address.startswith(EXTERNAL):
                yield f"loads {address} from elsewhere"
    own = set(page.xpath("//@id"))
    for address in page.xpath("//a/@href|//link/@href|//script/@src"):
        target, _, fragment = address.partition("#")
        if address.startswith(EXTERNAL):
            yield f"links to {address}"
        elif (
            target
            and not (site / posixpath.normpath(posixpath.join(posixpath.dirname(path), target))).is_file()
        ):
            yield f"links to {target}, which is not there"
        elif fragment and not target and fragment not in own:
            yield f"links to the missing place #{fragment}"
