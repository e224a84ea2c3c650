"""Bodies nobody would send: random bytes, and good bodies mutated, spliced, truncated, wrapped.

What belongs here: hypothesis strategies. What does not: the good bodies (targets.py).
"""

from __future__ import annotations

import gzip
from collections.abc import Sequence

from hypothesis import strategies as st

TOKENS = [
    b"", b",", b";", b"\t", b'"', b"'", b"\n", b"\r\n", b"\r", b"\x00", b"\x1e", b"\xef\xbb\xbf", b"\xff",
    b"\xc3\xa9", b"\xd0\xa1", b"\xe2\x80\xae", b"\xed\xa0\x80", b"{", b"}", b"[", b"]", b"[[[[", b":",
    b": c", b": @C", b"|C", b"null", b"true", b"NaN", b"Infinity", b"-Infinity", b"1e400", b"-1e-400",
    b"-0", b"0n", b"<2.5", b">95", b"1,234", b"1 234", b"1.2.3", b"0x10", b"9" * 400, b"1e5", b"2019.5",
    b"2999", b"2019-2021", b"=1+1", b"../..", b"A" * 3000, b'"a":1,"a":2', b"\\u0000", b"\\ud800",
    b"<html>", b"<?xml version='1.0'?><!DOCTYPE a>", b"%s", b"\x1f\x8b", b"|||",
]  # fmt: skip
WRAPS = ("gzip", "gzip twice", "two members", "cut gzip", "utf-16", "bom", "latin-1", "padding")


@st.composite
def spoilt(draw: st.DrawFn, seeds: Sequence[bytes], others: Sequence[bytes]) -> bytes:
    """A good body after one to eight accidents; sometimes wrapped as well."""
    body = draw(st.sampled_from(seeds))
    for _ in range(draw(st.integers(1, 8))):
        body = draw(_accident(body, others))
    return wrap(body, draw(st.sampled_from((None, None, None, *WRAPS))))


@st.composite
def _accident(draw: st.DrawFn, body: bytes, others: Sequence[bytes]) -> bytes:
    kind = draw(
        st.sampled_from(("token", "token", "replace", "delete", "twice", "swap", "cut", "splice", "flip"))
    )
    at, other = (draw(st.integers(0, len(body))) for _ in range(2))
    start, end = sorted((at, other))
    end = min(end, start + draw(st.sampled_from((1, 4, 40, 400))))
    if kind == "token":
        return body[:start] + draw(st.sampled_from(TOKENS)) + body[start:]
    if kind == "replace":
        return body[:start] + draw(st.sampled_from(TOKENS)) + body[end:]
    if kind == "delete":
        return body[:start] + body[end:]
    if kind == "twice":
        return body[:end] + body[start:]
    if kind == "swap":
        lines = body.split(b"\n")
        lines.insert(draw(st.integers(0, len(lines) - 1)), lines.pop(draw(st.integers(0, len(lines) - 1))))
        return b"\n".join(lines)
    if kind == "cut":
        return body[:start]
    if kind == "splice":
        second = draw(st.sampled_from(others))
        return body[:start] + second[draw(st.integers(0, len(second))) :]
    flipped = bytearray(body)
    if flipped:
        flipped[min(start, len(flipped) - 1)] ^= 1 << draw(st.integers(0, 7))
    return bytes(flipped)


def wrap(body: bytes, how: str | None) -> bytes:
    """The body as something on the way might have left it."""
    packed = gzip.compress(body, mtime=0)
    wrapped = {
        "gzip": packed,
        "gzip twice": gzip.compress(packed, mtime=0),
        "two members": gzip.compress(body[:10], mtime=0) + gzip.compress(body[10:], mtime=0),
        "cut gzip": packed[: len(packed) // 2],
        "utf-16": body.decode("utf-8", "replace").encode("utf-16"),
        "bom": b"\xef\xbb\xbf" + body,
        "latin-1": body.replace(b"e", b"\xe9"),
        "padding": body + b"\x00" * 64,
    }
    return wrapped[how] if how else body
