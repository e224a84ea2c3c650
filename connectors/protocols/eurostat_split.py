"""A Eurostat query above the limit, asked in pieces of years and put together again as one SDMX-CSV body.

What belongs here: halving the years, the one header, proof that all pieces are of one update. What does not:
recognising a refusal (eurostat_answers.py), waiting (eurostat_queue.py).

The pieces lie in the order of their years, so that the same answers give the same bytes. A piece without rows
is no fault: many waste tables skip years.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from connectors.protocols.base import Fail
from connectors.protocols.eurostat_catalogue import Flow
from connectors.protocols.eurostat_queue import Body, TooBig
from connectors.wire import SIZE_CAP

Ask = Callable[[int, int], Body | TooBig | None]


class UpdatedBetweenPiecesError(Exception):
    """The data set changed while its pieces were coming."""


def bring_in_pieces(refusal: TooBig, flow: Flow, ask: Ask, into: Path, fail: Fail) -> None:
    """Write the whole data set to `into`, from as many pieces of whole years as it takes.

    `ask` brings the SDMX-CSV of the years from one to another. Raises SourceError, with the smallest query
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
        for data in _halve(refusal, flow.oldest, flow.latest, ask, fail):
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


def _halve(refusal: TooBig, first: int, last: int, ask: Ask, fail: Fail) -> Iterator[bytes]:
    """The bodies of two halves of these years, each halved again while it is too big."""
    if first == last:
        fail(
            f"is above the provider's limit even for the one year {first}",
            "declare a key in the query of this data set, so that it asks for less",
            field="label",
            value=refusal.label,
            fault=refusal.fault,
        )
    middle = (first + last) // 2
    for low, high in ((first, middle), (middle + 1, last)):
        found = ask(low, high)
        if isinstance(found, TooBig):
            yield from _halve(found, low, high, ask, fail)
        elif found is not None:
            yield found.data
