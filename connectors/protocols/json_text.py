"""Strict JSON: a small answer as objects, its numbers as they were written.

What belongs here: nesting, repeated keys, what is no JSON, for every provider. What does not: one long array
of rows (json_rows.py), what fields mean (the protocol modules).
"""

from __future__ import annotations

import json
import re
from typing import Any

from connectors.protocols.base import Fail, decode_text
from connectors.wire import name_format

MAX_JSON_DEPTH = 64
# A string that never ends counts to the end of the body: looked for again at each of its quotes, it would
# cost the square of its length.
_STRINGS = re.compile(rb'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)', re.DOTALL)


def read_json(data: bytes, fail: Fail) -> Any:
    """JSON with its numbers left as text (`JsonNumber`); NaN, repeated keys and deep nesting are refused."""
    refuse_deep(data, fail)
    try:
        return strict_decoder(fail).decode(decode_text(data, fail))
    except json.JSONDecodeError as error:
        what = f"was expected to be JSON and is {name_format(data)} (line {error.lineno})"
        fail(what, "run `circularity probe`", fault="T03")


def refuse_deep(data: bytes, fail: Fail) -> None:
    """Refuse nesting that would exhaust the stack of a reader or of whoever walks the result."""
    if data.count(b"[") + data.count(b"{") <= MAX_JSON_DEPTH:
        return
    depth = deepest = 0
    for byte in re.findall(rb"[\[\]{}]", _STRINGS.sub(b"", data)):
        depth += 1 if byte in b"[{" else -1
        deepest = max(deepest, depth)
    if deepest > MAX_JSON_DEPTH:
        what = f"nests JSON {deepest} levels deep, more than {MAX_JSON_DEPTH}"
        fail(what, "report it to the provider", fault="H07")


def strict_decoder(fail: Fail) -> json.JSONDecoder:
    """Python's own reader of JSON, told to keep numbers as text and to refuse NaN and repeated keys."""
    return json.JSONDecoder(
        parse_float=JsonNumber,
        parse_int=JsonNumber,
        parse_constant=lambda name: fail(
            f"holds {name}, which is no JSON number", "report it to the provider", fault="P04"
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
            fault="P05",
        )
    return made
