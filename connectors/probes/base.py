"""What the questions to live providers share: a question, its verdict, a tolerant way to ask.

What belongs here: types, asking, the question about terms of use. What does not: a provider's own questions
(its module), running them (probe.py). Nothing here fails a run: whatever comes is told, not refused.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NoReturn

from connectors.errors import SourceError, quote
from connectors.http import Client
from connectors.protocols import PROTOCOLS
from connectors.protocols.base import FailedPart, RawPart
from connectors.registry import get_dataset, list_datasets
from connectors.wire import Request

Verdict = Literal["confirmed", "changed", "unreachable", "unasked"]
Seen = tuple[Verdict, str]
STEP = "compare with the design's source contracts, then correct the connector or the contract"


class Asker:
    """One provider, asked in small tolerant requests. `notes` holds what an earlier question found."""

    def __init__(self, provider: str, client: Client, folder: Path) -> None:
        self.provider, self.client, self.folder = provider, client, folder
        self.notes: dict[str, Any] = {}

    def ask(
        self, path: str, params: dict[str, str] | None = None, body: dict[str, Any] | None = None
    ) -> tuple[int, bytes]:
        """(status, body). Raises SourceError where nothing usable came at all."""
        request = Request(self.provider, "probe", "all", path, params or {}, json=body)
        answer = self.client.fetch(request, self.folder / "answer")
        return answer.status, answer.path.read_bytes()

    def fail(
        self,
        what: str,
        next_step: str,
        *,
        field: str = "answer",
        value: str = "",
        transient: bool = False,
        fault: str = "",
    ) -> NoReturn:
        """Raise a SourceError of this probe: what the readers of the protocols call when they refuse."""
        raise SourceError(
            self.provider,
            "probe",
            what,
            next_step=next_step,
            field=field,
            value=value,
            transient=transient,
            fault=fault,
        )

    def ask_json(
        self, path: str, params: dict[str, str] | None = None, body: dict[str, Any] | None = None
    ) -> Any:
        """The answer as plain Python values. Raises SourceError unless it is JSON with status 200."""
        status, data = self.ask(path, params, body)
        if status != 200:
            self.fail(f"answered status {status}", STEP, value=_start(data))
        try:
            return json.loads(data.decode("utf-8-sig"))
        except (ValueError, RecursionError):
            self.fail("answered something that is no JSON", STEP, value=_start(data))


Ask = Callable[[Asker], Seen]


@dataclass(frozen=True)
class Question:
    """One fact the connectors rely on, what is expected, and how it is asked.

    `in_sample`: the illustrative sample can answer it; it holds data, not every error of a live service.
    """

    text: str
    expected: str
    ask: Ask
    in_sample: bool = True


def judge(is_as_expected: bool, seen: str) -> Seen:
    """Confirmed or changed."""
    return ("confirmed" if is_as_expected else "changed"), seen


def show(found: object) -> str:
    """Something a provider sent, safe and short."""
    return quote(found if isinstance(found, str) else json.dumps(found, default=str), 120)


def names(found: object) -> set[str]:
    """The keys of an object; none of anything else."""
    return set(found) if isinstance(found, dict) else set()


def compare(found: set[str], expected: set[str]) -> Seen:
    """Names that came against names expected; more than expected is no change for the worse."""
    lost, new = sorted(expected - found), sorted(found - expected)
    return judge(not lost, f"lost {', '.join(lost) or 'none'}; new {', '.join(new) or 'none'}")


def read_dataset(key: str) -> Ask:
    """One whole small data set through the connector itself: columns, units, flags and time stamps."""

    def ask(asker: Asker) -> Seen:
        spec = get_dataset(key)
        protocol, found = PROTOCOLS[spec.protocol], []
        for result in protocol.fetch_parts(spec, asker.client, asker.folder, {}):
            if isinstance(result, FailedPart):
                raise result.error
            if isinstance(result, RawPart):
                parsed = protocol.parse(result.path.read_bytes(), spec, result.part, "0" * 64)
                found.append(f"{result.part} {parsed.table.height} rows, {result.version_marker}")
        return "confirmed", f"{key}: " + "; ".join(found)

    return ask


def ask_terms(provider: str) -> Question:
    """Whether a person has read the terms. Their pages lie on hosts this program may not speak to."""

    def ask(_: Asker) -> Seen:
        specs = [spec for spec in list_datasets() if spec.provider == provider]
        unread = sorted({spec.licence.url for spec in specs if spec.licence.reviewed is None})
        if unread or not specs:
            pages = ", ".join(unread) or "no data set of it is declared"
            return "unasked", f"a person has to read them, then date `reviewed` in the declaration: {pages}"
        days = sorted(str(spec.licence.reviewed) for spec in specs)
        return "confirmed", f"read between {days[0]} and {days[-1]}"

    return Question("Has a person read the terms of use?", "a date for every data set", ask)


def cannot_ask(text: str, expected: str, why: str) -> Question:
    """A fact that no polite question can establish."""
    return Question(text, expected, lambda _: ("unasked", why))


def _start(data: bytes) -> str:
    return data[:80].decode("utf-8", "replace")
