"""What the wire protocols share: the results of fetching and parsing, unpacking, texts.

What belongs here: rules true for every provider's bytes. What does not: one provider's columns or vocabulary;
JSON (json_text.py). All bytes are hostile: sizes are capped, encodings checked.
"""

from __future__ import annotations

import codecs
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn, Protocol

import polars as pl

from connectors.body import GZIP, BadBodyError, gunzip
from connectors.coded import coded, first_rows, ranked, spread, texts_of
from connectors.errors import SourceError
from connectors.http import Client
from connectors.records import FetchedPart, SourceWarning
from connectors.spec import DatasetSpec
from connectors.wire import Answer, Limits, Request

PIECE = 1 << 22
_PRICE_BASE = re.compile(r"\bconstant\s+([12][0-9]{3})\b", re.IGNORECASE)


@dataclass(frozen=True)
class RawPart:
    """A complete, accepted body on disk, not yet in the store."""

    part: str
    path: Path
    url: str
    method: str
    params: dict[str, str]
    status: int
    etag: str | None
    last_modified: str | None
    version_marker: str


def accepted(request: Request, answer: Answer, version_marker: str, path: Path | None = None) -> RawPart:
    """The part of an accepted answer; `path` replaces the answer's own file where a part has several
    answers.
    """
    return RawPart(
        request.part,
        path or answer.path,
        answer.url,
        request.method,
        request.form or request.params,
        answer.status,
        answer.etag,
        answer.last_modified,
        version_marker,
    )


@dataclass(frozen=True)
class UnchangedPart:
    """A part of which the provider says that what stands is still its newest state; no body came.

    `version_marker` is what it says now, if it is known (a marker may move while the bytes stand).
    """

    part: str
    version_marker: str | None = None


@dataclass(frozen=True)
class FailedPart:
    """A part that could not be fetched."""

    part: str
    error: SourceError


@dataclass(frozen=True)
class Parsed:
    """Observations of one part, the rows kept out with their reason and place, and plain warnings.

    `quarantine` rows: part, line, reason, ref_area, time_period, value.
    """

    table: pl.DataFrame
    quarantine: list[dict[str, Any]]
    warnings: tuple[SourceWarning, ...]


Known = Mapping[str, FetchedPart]
FetchedItem = RawPart | UnchangedPart | FailedPart


class ProtocolModule(Protocol):
    """What refresh.py expects of a module in this package."""

    def fetch_parts(
        self, spec: DatasetSpec, client: Client, scratch: Path, known: Known
    ) -> Iterator[FetchedItem]:
        """Bring every part, one after the other; a part that fails does not stop the next.

        `known` holds what stands, by part. Its version marker is compared first, then the provider is asked
        whether the body changed; only then is a body brought.
        """

    def parse(self, body: bytes, spec: DatasetSpec, part: str, snapshot_sha256: str) -> Parsed:
        """Turn the bytes of one part into observations. Raises SourceError."""

    def producer_date(self, version_marker: str) -> str:
        """The producer's marker as the first half of a vintage id."""


Fail = Callable[..., NoReturn]


def failer(spec: DatasetSpec, part: str) -> Fail:
    """A function that raises a SourceError naming this part."""

    def fail(
        what: str,
        next_step: str,
        *,
        field: str = "",
        value: str = "",
        transient: bool = False,
        fault: str = "",
    ) -> NoReturn:
        raise SourceError(
            spec.provider,
            spec.dataset,
            what,
            part=part,
            next_step=next_step,
            field=field,
            value=value,
            owner=spec.owner,
            transient=transient,
            fault=fault,
        )

    return fail


def unpack(body: bytes, fail: Fail) -> bytes:
    """Undo gzip, known by its magic bytes, once; capped in size and ratio."""
    if not body.startswith(GZIP):
        return body
    plain = io.BytesIO()
    try:
        plain.writelines(gunzip([body], Limits()))
    except BadBodyError as error:
        fail(error.what, error.next_step, transient=error.transient, fault=error.fault)
    data = plain.getvalue()
    if data.startswith(GZIP):
        what = "is packed with gzip twice without saying so"
        fail(what, "report it to the provider; gzip is undone once", fault="T19")
    return data


def refuse_status(status: int, fail: Fail) -> None:
    """Refuse any answer but 200."""
    if status == 404:
        what, step = "has nothing at this address (status 404)", "find its new address: docs/runbook.md, T15"
        fail(what, step, value="404", fault="T15")
    if status != 200:
        fail(f"answered status {status}", "run `circularity probe`", value=str(status), fault="T04")


def check_text(data: bytes, fail: Fail) -> bytes:
    """The same bytes without byte order mark, known to be UTF-8; decoded by pieces if at all."""
    if data.isascii():
        return data
    decoder, start = codecs.getincrementaldecoder("utf-8")(), 0
    try:
        for start in range(0, len(data), PIECE):
            pending = len(decoder.getstate()[0])
            decoder.decode(data[start : start + PIECE], start + PIECE >= len(data))
    except UnicodeDecodeError as error:
        place = start - pending + error.start
        step = "ask the provider, or declare the encoding"
        fail(f"is not UTF-8 text at byte {place}", step, fault="P02")
    return data.removeprefix(codecs.BOM_UTF8)


def decode_text(data: bytes, fail: Fail) -> str:
    """UTF-8 text without byte order mark."""
    return check_text(data, fail).decode("utf-8")


def compare_columns(found: list[str], required: list[str], optional: list[str], fail: Fail) -> None:
    """Refuse columns lost and columns new, naming both."""
    lost = [name for name in required if name not in found]
    new = [name for name in found if name not in required and name not in optional]
    if lost or new:
        fail(
            f"changed its columns: lost {', '.join(lost) or 'none'}; new {', '.join(new) or 'none'}",
            "compare with the declaration; a new dimension needs a decision which of its codes to use",
            field="columns",
            value=", ".join(new or lost),
            fault="P07",
        )


def check_price_base(titles: Iterable[str], declared: str | None, fail: Fail) -> None:
    """Refuse a series whose own title names another base year of its constant prices than the declared one.

    The unit code stays the same when a producer moves to new prices; only the title tells.
    """
    for title in titles:
        found = _PRICE_BASE.search(title)
        named = found.group(1) if found else None
        if named != declared:
            fail(
                f"gives values in prices of {named or 'no named year'}, declared is {declared or 'none'}",
                "decide how to chain the two bases, then declare the new one in price_base",
                field="title",
                value=title,
                fault="V10",
            )


def canonical_dimensions(frame: pl.DataFrame, columns: dict[str, str]) -> pl.Series:
    """Canonical JSON of some columns (`columns`: column -> name), made once for each distinct combination."""
    if frame.is_empty():
        return pl.Series(dtype=pl.String)
    names = sorted(columns, key=lambda column: columns[column])
    # A null is a value of its own: no source can send the one that stands for it here.
    filled = [frame[name].fill_null("\x00") if frame[name].null_count() else frame[name] for name in names]
    parts = [coded(column) for column in filled]
    groups, count = ranked(parts)
    firsts = first_rows(groups, count)
    pieces: list[pl.Expr | pl.Series] = []
    for name, part in zip(names, parts, strict=True):
        texts = [_as_json(text) for text in texts_of(part)]
        pieces.append(pl.lit(("," if pieces else "{") + f"{_as_json(columns[name])}:"))
        pieces.append(pl.Series(texts, dtype=pl.String).gather(part.gather(firsts).to_physical()))
    return spread("dimensions", pl.select(pl.concat_str(*pieces, pl.lit("}"))).to_series(), groups)


def _as_json(text: str) -> str:
    return "null" if text == "\x00" else json.dumps(text, ensure_ascii=False)
