"""What the wire protocols share: the results of fetching and parsing, unpacking, strict JSON.

What belongs here: rules true for every provider's bytes. What does not: one provider's columns or vocabulary.
All bytes are hostile: sizes are capped, encodings checked, repeated keys refused.
"""

from __future__ import annotations

import codecs
import json
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn, Protocol

import polars as pl

from connectors.errors import SourceError
from connectors.http import Client
from connectors.records import FetchedPart
from connectors.spec import DatasetSpec
from connectors.wire import MAX_RATIO, SIZE_CAP, Answer, Request

MAX_JSON_DEPTH = 64
MAX_MEMBERS = 100
PIECE = 1 << 22
GZIP = b"\x1f\x8b"
_PRICE_BASE = re.compile(r"\bconstant\s+([12][0-9]{3})\b", re.IGNORECASE)
_STRINGS = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)


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
    warnings: tuple[str, ...]


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
    """Undo gzip, known by its magic bytes, once; capped in size and ratio.

    A gzip file may have several members (RFC 1952, 2.2): all are read, and nothing but NUL may follow them.
    """
    if not body.startswith(GZIP):
        return body
    cap = min(SIZE_CAP, MAX_RATIO * max(len(body), 1 << 16))
    members: list[bytes] = []
    rest, size = body, 0
    while rest.startswith(GZIP):
        unpacker = zlib.decompressobj(wbits=31)
        try:
            members.append(unpacker.decompress(rest, cap + 1 - size))
        except zlib.error:
            fail("sent a gzip body that cannot be unpacked", "refresh again", transient=True)
        size += len(members[-1])
        if size > cap or len(members) > MAX_MEMBERS:
            fail(
                f"sent a gzip body that unpacks to more than {cap} bytes or {MAX_MEMBERS} members",
                "report it to the provider",
            )
        if not unpacker.eof:
            fail("sent a gzip body that is cut short", "refresh again", transient=True)
        rest = unpacker.unused_data
    if rest.strip(b"\x00"):
        fail("sent bytes after its gzip body that are no gzip", "refresh again", transient=True)
    return b"".join(members)


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
        fail(f"is not UTF-8 text at byte {place}", "ask the provider, or declare the encoding")
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
    distinct = frame.select(names).unique(maintain_order=True)
    texts = [
        json.dumps(
            {columns[n]: v for n, v in zip(names, row, strict=True)},
            ensure_ascii=False,
            separators=(",", ":"),
        )
        for row in distinct.iter_rows()
    ]
    distinct = distinct.with_columns(_json=pl.Series(texts, dtype=pl.String))
    return frame.join(distinct, on=names, how="left", maintain_order="left")["_json"]


def read_json(data: bytes, fail: Fail) -> Any:
    """JSON with its numbers left as text (`JsonNumber`); NaN, repeated keys and deep nesting are refused."""
    refuse_deep(data, fail)
    try:
        return strict_decoder(fail).decode(decode_text(data, fail))
    except json.JSONDecodeError as error:
        found = "XML" if data.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<") else "something else"
        fail(f"was expected to be JSON and is {found} (line {error.lineno})", "run `circularity probe`")


def refuse_deep(data: bytes, fail: Fail) -> None:
    """Refuse nesting that would exhaust the stack of a reader or of whoever walks the result."""
    if data.count(b"[") + data.count(b"{") <= MAX_JSON_DEPTH:
        return
    depth = deepest = 0
    for byte in re.findall(rb"[\[\]{}]", _STRINGS.sub(b"", data)):
        depth += 1 if byte in b"[{" else -1
        deepest = max(deepest, depth)
    if deepest > MAX_JSON_DEPTH:
        fail(f"nests JSON {deepest} levels deep, more than {MAX_JSON_DEPTH}", "report it to the provider")


def strict_decoder(fail: Fail) -> json.JSONDecoder:
    """Python's own reader of JSON, told to keep numbers as text and to refuse NaN and repeated keys."""
    return json.JSONDecoder(
        parse_float=JsonNumber,
        parse_int=JsonNumber,
        parse_constant=lambda name: fail(
            f"holds {name}, which is no JSON number", "report it to the provider"
        ),
        object_pairs_hook=lambda pairs: _unique(pairs, fail),
    )


class JsonNumber(str):
    """The text of a JSON number, exactly as sent."""

    __slots__ = ()


def _unique(pairs: list[tuple[str, Any]], fail: Fail) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        names = [name for name, _ in pairs]
        fail(
            "repeats a JSON key",
            "report it to the provider",
            field=next(n for n in names if names.count(n) > 1),
        )
    return made
