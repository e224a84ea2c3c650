"""Structural faults of one page, found without a browser.

What belongs here: rules which every page of the site has to keep, each as one plain finding. What does not:
links between files (links.py), contrast, keyboard and everything else that only a browser can judge.
"""

import re
from collections import Counter
from collections.abc import Iterator

from lxml import etree, html

from orchestration.release.wording import LANGUAGES

_POLICY = "default-src 'none';"
_ALLOWED = {"'none'", "'self'", "data:"}
"""What a content security policy of the site may name: nothing from elsewhere, nothing inside the page."""
_HANDLERS = etree.XPath("//@*[starts-with(name(), 'on')]")
_NAMED = etree.XPath(
    "//@aria-labelledby|//@aria-describedby|//@aria-controls|//label/@for|//@data-for", smart_strings=False
)
_PAINT = etree.XPath("//@*[contains(., 'url(')]", smart_strings=False)
_IDS = etree.XPath("//@id", smart_strings=False)
_MAINS = etree.XPath("//main")
_HEADS = etree.XPath("//h1|//h2|//h3|//h4")
_STYLED = etree.XPath("//@style|//style")
_SCRIPTS = etree.XPath("//script[not(@src)]")
_UNFOLLOWED = etree.XPath(
    "//base|//meta[@http-equiv and @http-equiv!='Content-Security-Policy']"
    "|//*[@ping or @srcset or @imagesrcset or @srcdoc]"
    "|//animate|//set"
)
"""What leads elsewhere in ways that links.py does not follow. No page of the site needs them."""
_NONE = etree.XPath("//text()[contains(., 'None')]", smart_strings=False)
_UNSCOPED = etree.XPath(
    ".//th[not(@scope='col' or @scope='row' or @scope='colgroup' or @scope='rowgroup')]", smart_strings=False
)
_UNEVEN = etree.XPath(
    "./tbody/tr[count(*) - count(*/@colspan) + sum(*/@colspan) != $width]", smart_strings=False
)
_REFERENCE = re.compile(r"url\(#([^)]+)\)")
_LOOSE_NUMBERS = etree.XPath(
    "//td[contains(concat(' ', @class, ' '), ' number ')]"
    "//text()[not(ancestor::data) and not(ancestor::span[@class='year' or @class='flag'])]",
    smart_strings=False,
)


def faults_of(page: html.HtmlElement) -> Iterator[str]:
    """Every structural fault of a parsed page."""
    yield from _head(page)
    yield from _outline(page)
    yield from _names(page)
    yield from _tables(page)
    yield from _inline(page)


def _head(page: html.HtmlElement) -> Iterator[str]:
    if page.get("lang") not in LANGUAGES:
        yield "no language"
    if not (page.findtext(".//title") or "").strip():
        yield "no title"
    policies = page.xpath("./head/meta[@http-equiv='Content-Security-Policy']/@content")
    if not policies or not all(_is_strict(policy) for policy in policies):
        yield "no content security policy"
    if not page.xpath("./head/meta[@name='viewport']"):
        yield "no viewport"


def _is_strict(policy: str) -> bool:
    parts = [part.split() for part in policy.split(";") if part.strip()]
    return policy.startswith(_POLICY) and all(set(part[1:]) <= _ALLOWED for part in parts)


def _outline(page: html.HtmlElement) -> Iterator[str]:
    levels = [int(head.tag[1]) for head in _HEADS(page)]
    if levels.count(1) != 1:
        yield "not exactly one h1"
    if len(_MAINS(page)) != 1:
        yield "not exactly one main"
    if any(later > earlier + 1 for earlier, later in zip(levels, levels[1:], strict=False)):
        yield "a heading skips a level"
    if any(text.strip() == "None" for text in _NONE(page)):
        yield "prints None"


def _names(page: html.HtmlElement) -> Iterator[str]:
    counted = Counter(_IDS(page))
    yield from (f"id {name} twice" for name, count in sorted(counted.items()) if count > 1)
    wanted = [name for names in _NAMED(page) for name in names.split()]
    for paint in _PAINT(page):
        if found := _REFERENCE.fullmatch(paint):
            wanted.append(found[1])
        else:
            yield f"paints with {paint}"
    yield from (f"refers to the missing id {name}" for name in sorted(set(wanted) - set(counted)))


def _tables(page: html.HtmlElement) -> Iterator[str]:
    for table in page.iter("table"):
        if not "".join(table.xpath("./caption//text()")).strip():
            yield "a table has no caption"
        if _UNSCOPED(table):
            yield "a head of a table has no scope"
        width = len(table.xpath("./thead/tr[last()]/*"))
        if _UNEVEN(table, width=width):
            yield f"a row of a table has not {width} cells"
        region = table.getparent()
        if region.get("tabindex") != "0" or region.get("role") != "region":
            yield "a table stands in no region that scrolls by keyboard"
        elif not (region.get("aria-labelledby") or region.get("aria-label")):
            yield "a region that scrolls has no name"
    if any(any(letter.isdigit() for letter in text) for text in _LOOSE_NUMBERS(page)):
        yield "a cell for numbers prints a number without its exact value"


def _inline(page: html.HtmlElement) -> Iterator[str]:
    if _STYLED(page):
        yield "style inside the page"
    for element in _UNFOLLOWED(page):
        yield f"leads elsewhere by <{element.tag}> in a way that no check follows"
    if _SCRIPTS(page) or _HANDLERS(page):
        yield "script inside the page"
