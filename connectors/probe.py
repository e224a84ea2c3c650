"""Cheap questions to a live provider: is what the connectors rely on still true?

What belongs here: the questions, and saying confirmed, changed or unreachable. What does not: refreshing data
sets (refresh.py). Nothing here fails a run: a probe reports, a person decides.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from connectors.errors import SourceError, UsageError
from connectors.http import Client
from connectors.protocols import PROTOCOLS, eurostat, unsd_series
from connectors.protocols.base import FailedPart, UnchangedPart, failer
from connectors.registry import get_dataset, list_datasets
from connectors.spec import DatasetSpec
from connectors.wire import Request

Verdict = Literal["confirmed", "changed", "unreachable"]
Ask = Callable[[Client, Path], tuple[Verdict, str]]
# Codes that cannot exist: how a provider says "no" is a fact the connectors rely on.
UNKNOWN_EUROSTAT, UNKNOWN_WORLD_BANK = "CIRCULARITY_NO_SUCH_DATA", "NO.SUCH.INDICATOR"


@dataclass(frozen=True)
class ProbeFinding:
    """One question, its verdict, and what was seen."""

    provider: str
    question: str
    verdict: Verdict
    detail: str


def probe(provider: str, client: Client) -> list[ProbeFinding]:
    """Ask a provider's questions, a handful of small requests. Raises UsageError for an unknown provider."""
    if provider not in _QUESTIONS:
        raise UsageError(f"Unknown provider '{provider}'; known: {', '.join(sorted(_QUESTIONS))}.")
    if client.offline:
        raise UsageError("Archive mode speaks to no network; set CIRCULARITY_SOURCE=live to probe.")
    with tempfile.TemporaryDirectory() as folder:
        return [_ask(provider, question, ask, client, Path(folder)) for question, ask in _QUESTIONS[provider]]


def _ask(provider: str, question: str, ask: Ask, client: Client, folder: Path) -> ProbeFinding:
    try:
        verdict, detail = ask(client, folder)
    except SourceError as error:
        verdict, detail = ("unreachable" if error.transient else "changed"), str(error)
    return ProbeFinding(provider, question, verdict, detail)


def _spec(provider: str) -> DatasetSpec:
    """The smallest declared data set of a provider stands for all of them."""
    smallest = {"unsd": "sdg_12_5", "eurostat": "cei_srm030", "world_bank": "sp_pop_totl"}
    return get_dataset(f"{provider}/{smallest[provider]}")


def _unsd_list(client: Client, folder: Path) -> tuple[Verdict, str]:
    spec = _spec("unsd")
    request = Request("unsd", "probe", "all", f"{unsd_series.API}/Series/List", {"allreleases": "false"})
    answer = client.fetch(request, folder / "list")
    releases = unsd_series.read_releases(answer.path.read_bytes(), failer(spec, "all"))
    wanted = {part for spec in list_datasets() if spec.provider == "unsd" for part in spec.parts}
    missing = sorted(wanted - set(releases))
    if missing:
        return "changed", f"release {max(releases.values())} does not list: {', '.join(missing)}"
    return (
        "confirmed",
        f"release {max(releases.values())} lists {len(releases)} series, all of ours among them",
    )


def _fetch_and_parse(provider: str) -> Ask:
    """One whole small data set through the connector itself: columns, units, flags and time stamps."""

    def ask(client: Client, folder: Path) -> tuple[Verdict, str]:
        spec = _spec(provider)
        protocol, found = PROTOCOLS[spec.protocol], []
        for result in protocol.fetch_parts(spec, client, folder, {}):
            if isinstance(result, FailedPart):
                raise result.error
            if isinstance(result, UnchangedPart):
                continue
            parsed = protocol.parse(result.path.read_bytes(), spec, result.part, "0" * 64)
            found.append(f"{result.part} {parsed.table.height} rows, {result.version_marker}")
        return "confirmed", f"{spec.key}: " + "; ".join(found)

    return ask


def _eurostat_unknown(client: Client, folder: Path) -> tuple[Verdict, str]:
    query = {"format": "SDMX-CSV"}
    request = Request("eurostat", "probe", "all", f"{eurostat.API}/sdmx/2.1/data/{UNKNOWN_EUROSTAT}", query)
    answer = client.fetch(request, folder / "unknown")
    if answer.status == 404 and b"ERR_NOT_FOUND" in answer.path.read_bytes():
        return "confirmed", "status 404 with ERR_NOT_FOUND"
    return "changed", f"an unknown data set answers status {answer.status}"


def _world_bank_unknown(client: Client, folder: Path) -> tuple[Verdict, str]:
    path = f"v2/country/all/indicator/{UNKNOWN_WORLD_BANK}"
    answer = client.fetch(Request("world_bank", "probe", "all", path, {"format": "json"}), folder / "unknown")
    if answer.status == 200 and b'"message"' in answer.path.read_bytes():
        return "confirmed", "status 200 with a message object"
    return "changed", f"an unknown indicator answers status {answer.status} without a message object"


_QUESTIONS: dict[str, tuple[tuple[str, Ask], ...]] = {
    "unsd": (
        ("Does the list of series name every declared series?", _unsd_list),
        ("Can a small data set be read?", _fetch_and_parse("unsd")),
    ),
    "eurostat": (
        ("Can a small data set be read?", _fetch_and_parse("eurostat")),
        ("Does an unknown data set answer 404?", _eurostat_unknown),
    ),
    "world_bank": (
        ("Can an indicator be read, page by page?", _fetch_and_parse("world_bank")),
        ("Does an unknown indicator answer an error with status 200?", _world_bank_unknown),
    ),
}
