"""One body on its way to disk: completeness, gzip, caps.

What belongs here: from the line to a file, and undoing gzip under caps. What does not: deciding to try again
(http.py), what the bytes mean (protocols/).
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import requests
from urllib3.exceptions import HTTPError, ReadTimeoutError

from connectors import redaction
from connectors.errors import quote
from connectors.wire import Limits, TryAgainError

GZIP = b"\x1f\x8b"
_CHUNK = 1 << 16
_PIECE = 1 << 20
_SMALL = 1 << 16  # a short body of blanks packs very well and harms nobody
_DECLARED = frozenset({"gzip", "x-gzip", "identity", ""})


class BadBodyError(Exception):
    """A body that is not taken. `transient` says whether another attempt may bring a good one."""

    def __init__(self, what: str, next_step: str, fault: str, transient: bool = False) -> None:
        """Keep the facts for whoever knows the data set."""
        super().__init__(what)
        self.what, self.next_step, self.fault, self.transient = what, next_step, fault, transient


def receive(response: requests.Response, into: Path, limits: Limits) -> int:
    """Write the whole body of an answer to `into`, unpacked if it says that it is packed. Returns its bytes.

    Raises TryAgainError if it is incomplete, BadBodyError if it is refused.
    """
    encodings = {word.strip().lower() for word in response.headers.get("Content-Encoding", "").split(",")}
    if not encodings <= _DECLARED:
        packing = quote(", ".join(sorted(encodings - _DECLARED)))
        raise BadBodyError(
            f"packed its answer as {packing}, where only gzip is read", "report it to the provider", "T03"
        )
    pieces: Iterable[bytes] = _incoming(response)
    if encodings & {"gzip", "x-gzip"}:
        pieces = gunzip(pieces, limits)
    size = 0
    with into.open("wb") as out:
        for piece in pieces:
            size += len(piece)
            if size > limits.size:
                raise BadBodyError(
                    f"answered more than {limits.size} bytes", "narrow the query of this data set", "H06"
                )
            out.write(piece)
    return size


def _incoming(response: requests.Response) -> Iterator[bytes]:
    """The body as it travels. Raises TryAgainError with what came and what was announced."""
    try:
        yield from response.raw.stream(_CHUNK, decode_content=False)
    except ReadTimeoutError:
        raise TryAgainError(f"fell silent after {response.raw.tell()} bytes", fault="T18") from None
    except HTTPError:
        announced = response.headers.get("Content-Length", "an unannounced number of")
        what = f"broke off: incomplete, {response.raw.tell()} of {announced} bytes"
        raise TryAgainError(what, fault="T05") from None


def gunzip(pieces: Iterable[bytes], limits: Limits) -> Iterator[bytes]:
    """Undo gzip once, in pieces of at most 1 MiB. Raises BadBodyError.

    A gzip file may have several members (RFC 1952, 2.2): all are read, and nothing but NUL may follow them.
    No bytes at all are an empty body.
    """
    unpacker = _Gunzip(limits)
    for piece in pieces:
        unpacker.came += len(piece)
        for at in range(0, len(piece), _CHUNK):
            yield from unpacker.feed(piece[at : at + _CHUNK])
    yield unpacker.end()


class _Gunzip:
    """The state between two pieces; `came` is what travelled so far, `made` what it unpacked to."""

    def __init__(self, limits: Limits) -> None:
        self._limits, self._member = limits, zlib.decompressobj(wbits=31)
        self._members, self._padded = 1, False
        self.came = self.made = 0

    def feed(self, rest: bytes) -> Iterator[bytes]:
        while rest:
            if self._member.eof and not GZIP.startswith(rest[:2]):
                self._padded = True
            if self._padded:
                if rest.strip(b"\x00"):
                    raise _broken("bytes after its gzip body that are no gzip")
                return
            if self._member.eof:
                self._member, self._members = zlib.decompressobj(wbits=31), self._members + 1
            try:
                plain = self._member.decompress(rest, _PIECE)
            except zlib.error:
                raise _broken("a gzip body that cannot be unpacked") from None
            yield self._counted(plain)
            rest = self._member.unused_data if self._member.eof else self._member.unconsumed_tail

    def end(self) -> bytes:
        plain = self._counted(self._member.flush())  # what zlib still holds is less than its window
        if self.came and not self._member.eof:
            raise _broken(f"a gzip body that is incomplete, {self.came} bytes without an end")
        return plain

    def _counted(self, plain: bytes) -> bytes:
        self.made += len(plain)
        limits = self._limits
        if self.made > limits.ratio * max(self.came, _SMALL):
            what = f"packed its answer more than {limits.ratio} times"
        elif self.made > limits.size:
            what = f"sent a gzip body that unpacks to more than {limits.size} bytes"
        elif self._members > limits.members:
            what = f"sent a gzip body of more than {limits.members} members"
        else:
            return plain
        raise BadBodyError(what, "report it to the provider", "H04")


def is_echo(path: Path, limits: Limits) -> bool:
    """Whether a known secret stands in a body, as it is or inside its gzip."""
    with path.open("rb") as body:
        packed = body.read(len(GZIP)) == GZIP
        body.seek(0)
        pieces = iter(lambda: body.read(_PIECE), b"")
        try:
            return redaction.is_found_in(gunzip(pieces, limits) if packed else pieces)
        except BadBodyError:
            return False  # whoever reads the body refuses it for that very reason


def _broken(what: str) -> BadBodyError:
    return BadBodyError(f"sent {what}", "refresh again", "T05", transient=True)
