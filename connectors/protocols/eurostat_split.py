"""A Eurostat query above the limit, asked in pieces of years and put together again as one SDMX-CSV body.

What belongs here: halving the years, the one header, proof that all pieces are of one update. What does not:
recognising a refusal (eurostat_answers.py), waiting (eurostat_queue.py).

The pieces lie in the order of their years, so that the same answers give the same bytes. A piece without rows
is no fault: many waste tables skip years. The catalogue's first and last year say where to cut and nothing
more: it may lag behind the data, so the first piece has no beginning and the last one no end.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from connectors.protocols.base import Fail
from connectors.protocols.eurostat_catalogue import Flow
from connectors.protocols.eurostat_queue import Body, TooBig
from connectors.wire import SIZE_CAP

# First and last year of a piece; None: from the beginning, to the end, as far as the declaration goes.
Piece = tuple[int | None, int | None]
Ask = Callable[[Piece], Body | TooBig | None]


class UpdatedBetweenPiecesError(Exception):
    """The data set changed while its pieces were coming."""


def bring_in_pieces(refusal: TooBig, flow: Flow, ask: Ask, into: Path, fail: Fail) -> None:
    """Write the whole data set to `into`, from as many pieces of whole years as it takes.

    `ask` brings the SDMX-CSV of one piece. Raises SourceError, with the smallest query
    still refused; raises UpdatedBetweenPiecesError.
    """
    if flow.oldest is None or flow.latest is None or flow.oldest > flow.latest:
        fail(
            "is above the provider's limit and cannot be split by years, because the catalogue does not say "
            "which it has (expected: OBS_PERIOD_OVERALL_OLDEST and OBS_PERIOD_OVERALL_LATEST)",
            "declare a key or startPeriod in the query of this data set",
            field="label",
            value=refusal.label,
            fault=refusal.fault,
        )
    header = mark = b""
    size = 0
    with into.open("wb") as out:
        for data in _halve(refusal, (None, None), (flow.oldest, flow.latest), ask, fail):
            first, _, rows = data.partition(b"\n")
            if header and first != header:
                fail("changed its columns from one piece to the next", "refresh again", field="columns",
                     value=first.decode("utf-8", "replace"), fault="P07", transient=True)  # fmt: skip
            out.write(b"" if header else first + b"\n")
            header = first
            # The first two cells of a row are the data set and its time of update.
            found = b",".join(re.split(b"[,;]", rows[:200], maxsplit=2)[:2])
            if mark and found and found != mark:
                raise UpdatedBetweenPiecesError
            mark = found or mark
            size += len(data)
            if size > SIZE_CAP:
                fail(f"answered more than {SIZE_CAP} bytes in its pieces", "narrow the query", fault="H06")
            out.write(rows)


def _halve(refusal: TooBig, piece: Piece, known: tuple[int, int], ask: Ask, fail: Fail) -> Iterator[bytes]:
    """The bodies of the parts of a piece that is too big, in order; `known`: the years of the catalogue."""
    low, high = piece
    first, last = (known[0] if low is None else low), (known[1] if high is None else high)
    if first < last:
        middle = (first + last) // 2
        yield from _bring((low, middle), known, ask, fail)
        yield from _bring((middle + 1, high), known, ask, fail)
        return
    if first > last or None not in piece:
        fail(
            f"is above the provider's limit even for {_name(piece)}",
            "declare a key in the query of this data set, so that it asks for less",
            field="label",
            value=refusal.label,
            fault=refusal.fault,
        )
    # One year of the catalogue, and what it does not list. The year first: if that is too much, it is told.
    listed = list(_bring((first, first), known, ask, fail))
    if low is None:
        yield from _bring((None, first - 1), known, ask, fail)
    yield from listed
    if high is None:
        yield from _bring((first + 1, None), known, ask, fail)


def _bring(piece: Piece, known: tuple[int, int], ask: Ask, fail: Fail) -> Iterator[bytes]:
    found = ask(piece)
    if isinstance(found, TooBig):
        yield from _halve(found, piece, known, ask, fail)
    elif found is not None:
        yield found.data


def _name(piece: Piece) -> str:
    """What cannot be cut, in words."""
    low, high = piece
    if low is not None and high is not None:
        return f"the one year {low}"
    years = f"the years up to {high}" if low is None else f"the years from {low}"
    return f"{years}, which the catalogue does not list"
