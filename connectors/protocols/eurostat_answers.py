"""What Eurostat says instead of data: errors, "too much", "later", nothing. In XML or JSON, with any status.

What belongs here: telling such an answer from data, and its words. What does not: waiting (eurostat_queue.py)
or asking for less (eurostat_split.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal, NoReturn

from connectors.protocols.base import Fail, check_text, unpack
from connectors.protocols.json_text import read_json
from connectors.protocols.xml_tree import first_text, read_xml
from connectors.wire import Answer

Kind = Literal["queued", "too_big", "no_results", "not_found", "error"]
_BLANKS = b" \t\r\n"
_ERROR_FIELD = re.compile(rb'"(?:error|warning)"\s*:')
_KINDS: tuple[tuple[str, Kind], ...] = (
    ("EXTRACTION_TOO_BIG", "too_big"),
    ("ASYNCHRONOUS_RESPONSE", "queued"),
    ("NO_RESULTS", "no_results"),
    # Status 400: only years were asked for which there is nothing, as the open end of a split query may be.
    ("TIME_PERIOD_FILTER_SPEC_INVALID", "no_results"),
    ("NOT_FOUND", "not_found"),
)


@dataclass(frozen=True)
class Refusal:
    """An answer without data: what kind, Eurostat's own words, the job if the answer waits in a queue."""

    kind: Kind
    status: int
    label: str
    job: str = ""


def read_body(answer: Answer, fail: Fail) -> tuple[bytes, Refusal | None]:
    """The unpacked text of an answer, and what it says instead of data, if it does. Raises SourceError."""
    data = check_text(unpack(answer.path.read_bytes(), fail), fail)
    return data, read_refusal(data, answer.status, fail)


def read_refusal(data: bytes, status: int, fail: Fail) -> Refusal | None:
    """What `data` says instead of observations; None if it may be observations. Raises SourceError."""
    start = data[:64].removeprefix(b"\xef\xbb\xbf").lstrip(_BLANKS)
    if not start and not data.strip(_BLANKS):
        step = "refresh again; empty means unknown, never zero"
        fail("answered an empty body", step, transient=True, fault="T14")
    if start.startswith(b"<"):
        return _from_xml(data, status, fail)
    if start.startswith(b"{") and (status != 200 or _ERROR_FIELD.search(data[:2000])):
        return _from_json(data, status, fail)
    if status != 200:
        first = data[:80].decode("utf-8", "replace")
        fail(
            f"answered status {status}",
            "run `circularity probe`",
            value=first,
            fault="T15" if status == 404 else "T04",
        )
    return None


def raise_refusal(refusal: Refusal, fail: Fail) -> NoReturn:
    """The SourceError of a refusal that nobody could do anything about."""
    if refusal.kind == "queued":
        step = "refresh again in some minutes; large data sets are prepared in a queue"
        where = f" (job {refusal.job})" if refusal.job else ""
        fail(f"put the request into its queue instead of answering{where}", step, transient=True, fault="T10")
    step, fault = {
        "too_big": ("split the query of this data set: it is above the provider's limit", "T09"),
        "no_results": ("check whether the code still exists; empty means unknown, never zero", "T14"),
        "not_found": ("check whether the data set was withdrawn or renamed", "T15"),
    }.get(refusal.kind, ("run `circularity probe`", "T04"))
    what = (
        "answered no rows" if refusal.kind == "no_results" else f"answered an error (status {refusal.status})"
    )
    fail(what, step, field="label", value=refusal.label, fault=fault)


def _from_xml(data: bytes, status: int, fail: Fail) -> Refusal | None:
    root = read_xml(data, fail)
    if job := first_text(root, "queued", "id"):
        return Refusal("queued", status, first_text(root, "queued", "status"), job)
    label = first_text(root, "faultstring")
    if label:
        return Refusal(_kind(label, status), status, label)
    if status == 200:
        return None  # an entry of the catalogue; who asked for data refuses XML
    return Refusal(_kind("", status), status, "an XML document without a fault text")


def _from_json(data: bytes, status: int, fail: Fail) -> Refusal:
    body = read_json(data, fail)
    found = _first(body)
    label = str(found.get("label", found))
    kind = _kind(label, status)
    if kind == "error" and "warning" in body and str(found.get("status")) == "413":
        kind = "queued"  # a warning travels with status 200 and carries the true one itself
    return Refusal(kind, status, label)


def _first(body: Any) -> dict[str, Any]:
    """The first error or warning of an answer, whichever shape it has."""
    if isinstance(body, dict):
        body = body.get("error") or body.get("warning") or body
    if isinstance(body, list):
        body = body[0] if body else {}
    return body if isinstance(body, dict) else {"label": str(body)}


def _kind(label: str, status: int) -> Kind:
    for word, kind in _KINDS:
        if word in label:
            return kind
    return "not_found" if status in (404, 410) else "error"
