"""Cheap questions to a live provider: is what the connectors rely on still true?

What belongs here: asking a provider's questions and saying confirmed, changed, unreachable or unasked. What
does not: the questions (probes/), refreshing data sets (refresh.py). Nothing here fails a run: a probe
reports, a person decides.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from connectors import redaction
from connectors.errors import SourceError, UsageError
from connectors.http import Client
from connectors.probes import QUESTIONS
from connectors.probes.base import Asker, Question, Seen, Verdict


@dataclass(frozen=True)
class ProbeFinding:
    """One question, what was expected, the verdict, and what was seen."""

    provider: str
    question: str
    expected: str
    verdict: Verdict
    detail: str


def probe(provider: str, client: Client) -> list[ProbeFinding]:
    """Ask a provider's questions, a handful of small requests. Raises UsageError for an unknown provider."""
    if provider not in QUESTIONS:
        raise UsageError(f"Unknown provider '{provider}'; known: {', '.join(sorted(QUESTIONS))}.")
    if client.offline:
        raise UsageError("Archive mode speaks to no network; set CIRCULARITY_SOURCE=live to probe.")
    with tempfile.TemporaryDirectory() as folder:
        asker = Asker(provider, client, Path(folder))
        return [_find(question, asker) for question in QUESTIONS[provider]]


def _find(question: Question, asker: Asker) -> ProbeFinding:
    verdict, seen = _ask(question, asker)
    return ProbeFinding(asker.provider, question.text, question.expected, verdict, redaction.hide(seen))


def _ask(question: Question, asker: Asker) -> Seen:
    if asker.client.settings.illustrative and not question.in_sample:
        return "unasked", "the illustrative sample holds data, not every answer of a live service"
    try:
        return question.ask(asker)
    except SourceError as error:
        return ("unreachable" if error.transient else "changed"), str(error)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        # A form nobody thought of is just what a probe is for.
        return "changed", f"an answer in an unknown form ({type(error).__name__})"
