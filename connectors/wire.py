"""One exchange with a provider: what is asked, what came, and what went wrong on the way, in plain words.

What belongs here: the records of a request and an answer, and reading faults off the wire. What does not:
deciding to try again (http.py), what a body means (protocols/).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests
from urllib3.exceptions import InvalidHeader
from urllib3.util.retry import Retry

from connectors.errors import SourceError
from connectors.origins import redact
from connectors.records import FetchedPart

SIZE_CAP = 512 * 1024 * 1024
MAX_RATIO = 100
MAX_MEMBERS = 50


@dataclass(frozen=True)
class Limits:
    """What one exchange may cost: seconds, attempts, bytes, how often packed, gzip members."""

    connect_seconds: float = 10
    read_seconds: float = 60
    dataset_seconds: float = 15 * 60
    attempts: int = 4
    size: int = SIZE_CAP
    ratio: int = MAX_RATIO
    members: int = MAX_MEMBERS


@dataclass(frozen=True)
class Request:
    """One question to a provider. `path` is relative to its base URL; `form` or `json` makes it a POST.

    `known` is what stands from the last good fetch: the provider may then answer that nothing changed.
    """

    provider: str
    dataset: str
    part: str
    path: str
    params: dict[str, str] = field(default_factory=dict)
    form: dict[str, str] | None = None
    owner: str = ""
    json: dict[str, Any] | None = None
    known: FetchedPart | None = None

    @property
    def method(self) -> str:
        """The HTTP method."""
        return "GET" if self.form is None and self.json is None else "POST"

    @property
    def validators(self) -> dict[str, str]:
        """The headers of a conditional request; empty when there is nothing to compare with."""
        if self.known is None:
            return {}
        named = {"If-None-Match": self.known.etag, "If-Modified-Since": self.known.last_modified}
        return {name: value for name, value in named.items() if value}

    def failed(
        self, what: str, next_step: str, *, transient: bool = False, value: str = "", fault: str = ""
    ) -> SourceError:
        """A SourceError that names this request's data set."""
        return SourceError(
            self.provider,
            self.dataset,
            what,
            part=self.part,
            next_step=next_step,
            transient=transient,
            owner=self.owner,
            field="answer" if value else "",
            value=value,
            fault=fault,
        )


@dataclass(frozen=True)
class Answer:
    """A complete body on disk, or no body and `not_modified`. `url` is redacted."""

    path: Path
    url: str
    status: int
    bytes: int
    etag: str | None
    last_modified: str | None

    @property
    def not_modified(self) -> bool:
        """The provider says that what we have still stands."""
        return self.status == 304


def answer_of(response: requests.Response, path: Path, size: int) -> Answer:
    """The record of an answer whose body lies in `path`."""
    etag, modified = response.headers.get("ETag"), response.headers.get("Last-Modified")
    return Answer(path, redact(response.url), response.status_code, size, etag, modified)


class TryAgainError(Exception):
    """This attempt failed in a way that may pass. `wait` is what the provider asked for, in seconds."""

    def __init__(self, what: str, wait: float | None = None, value: str = "", fault: str = "T17") -> None:
        """Keep the facts; `fault` is the fault's id in the runbook."""
        super().__init__(what)
        self.what, self.wait, self.value, self.fault = what, wait, value, fault


def looks_like_html(head: bytes) -> bool:
    """Whether the first bytes of a body are a web page's, whatever its content type says."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:15].lower()
    return start.startswith((b"<!doctype html", b"<html"))


def name_format(data: bytes) -> str:
    """What a body is, as far as its first bytes tell, whatever its content type says."""
    start = data[:512].removeprefix(b"\xef\xbb\xbf").lstrip()
    if looks_like_html(start):
        return "a web page"
    known = {
        b"\x1f\x8b": "gzip",
        b"<": "XML",
        b"{": "JSON",
        b"[": "JSON",
        b"PK\x03\x04": "a ZIP archive",
        b"%PDF": "a PDF file",
    }
    return next((name for magic, name in known.items() if start.startswith(magic)), "something else")


def first_bytes(path: Path) -> bytes:
    """Enough of a body to recognise a web page."""
    with path.open("rb") as body:
        return body.read(512)


def retry_after(response: requests.Response) -> float | None:
    """Seconds the provider asks to wait, given as seconds or as a date; None if absent or unreadable."""
    try:
        return Retry().get_retry_after(response.raw)
    except InvalidHeader:
        return None
