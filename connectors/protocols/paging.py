"""Answers that come in pages: bring them all, notice when they do not belong together, start again once.

What belongs here: page numbers, declared totals, repeated and overlapping pages, the snapshot of several
pages. What does not: where a provider writes its page numbers (the protocol module).

The pages of one part are one snapshot: a JSON text sequence (RFC 7464), each page preceded by byte 1E,
unchanged.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from connectors.http import Client
from connectors.protocols.base import Fail, RawPart, UnchangedPart, accepted, unpack
from connectors.wire import Answer, Request

SEPARATOR = b"\x1e"
MAX_PAGES = 1000
COUNT_DIGITS = 12


@dataclass(frozen=True)
class Page:
    """What one page says of itself. `state` is the version marker it belongs to, `keys` the rows it holds."""

    number: int
    pages: int
    total: int
    state: str
    keys: tuple[Hashable, ...]


class ChangedBetweenPagesError(Exception):
    """Two pages belong to different states of the database, or the declared total does not hold."""


@dataclass(frozen=True)
class Paged:
    """How one part is asked for page by page: `ask` makes the request, `read` reads a page (may raise)."""

    ask: Callable[[int], Request]
    read: Callable[[Answer, bytes], Page]


def fetch_pages(
    paged: Paged, client: Client, scratch: Path, deadline: float, fail: Fail
) -> RawPart | UnchangedPart:
    """All pages as one snapshot; when the data change between two pages, start again once, then fail.

    Raises SourceError. Only the first page's request may be conditional.
    """
    for attempt in (1, 2):
        try:
            return _fetch_once(paged, client, scratch, deadline, fail)
        except ChangedBetweenPagesError as change:
            if attempt == 2:
                fail(
                    f"changed between its pages, twice ({change})",
                    "refresh again later",
                    field="total",
                    value=str(change),
                    transient=True,
                    fault="T13",
                )
    raise AssertionError("two attempts end in a result or a failure")


def is_count(text: str) -> bool:
    """Whether a page's number or total can be one: Python refuses to read thousands of digits."""
    return text.isascii() and text.isdecimal() and len(text) <= COUNT_DIGITS


def split_pages(body: bytes) -> Iterator[bytes]:
    """The pages of a snapshot, in order."""
    return (chunk for chunk in body.split(SEPARATOR) if chunk)


def _fetch_once(
    paged: Paged, client: Client, scratch: Path, deadline: float, fail: Fail
) -> RawPart | UnchangedPart:
    request = paged.ask(1)
    whole = scratch / f"{request.part}.json-seq"
    first: tuple[Page, Answer] | None = None
    seen: set[Hashable] = set()
    rows = 0
    with whole.open("wb") as out:
        number = 1
        while True:
            answer = client.fetch(request, scratch / f"{request.part}.page", deadline=deadline)
            if answer.not_modified:
                return UnchangedPart(request.part)
            body = unpack(answer.path.read_bytes(), fail)
            page = paged.read(answer, body)
            first = first or (page, answer)
            _check_page(page, first[0], number, seen, fail)
            seen.update(page.keys)
            rows += len(page.keys)
            out.write(SEPARATOR + body)
            if number >= first[0].pages:
                break
            number += 1
            request = paged.ask(number)
    if rows != first[0].total:
        raise ChangedBetweenPagesError(f"{rows} rows came where {first[0].total} were declared")
    if len(seen) != rows:
        raise ChangedBetweenPagesError(f"{rows - len(seen)} rows came twice")
    raw = accepted(paged.ask(1), first[1], first[0].state, whole)
    # The snapshot is all pages: its address is the question, not the number of a page.
    return replace(raw, url=_without_page(raw.url), params=_no_page(raw.params))


def _check_page(page: Page, first: Page, asked: int, seen: set[Hashable], fail: Fail) -> None:
    if (page.state, page.total) != (first.state, first.total):
        raise ChangedBetweenPagesError(
            f"{first.state} with {first.total} rows, then {page.state} with {page.total}"
        )
    if first.pages > MAX_PAGES:
        what = f"declares {first.pages} pages, more than {MAX_PAGES}"
        fail(what, "ask for larger pages, or report it to the provider", fault="T12")
    repeats = asked > 1 and bool(page.keys) and seen.issuperset(page.keys)
    if page.number != asked or repeats:
        what = f"answered page {page.number} of {page.pages} when page {asked} was asked"
        if repeats and page.number == asked:
            what = f"repeats an earlier page when page {asked} of {page.pages} was asked"
        fail(what, "report it to the provider: it ignores paging", fault="T12")


def _without_page(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(query=urlencode(_no_page(dict(parse_qsl(parts.query))))))


def _no_page(params: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in params.items() if name != "page"}
