"""What `circularity refresh` says of each data set, and of all of them.

Belongs here: the sentences, which Dagster's log uses too, and the JSON. Does not belong here: the work.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from connectors.ingest import IngestResult
from connectors.refresh import FetchResult


@dataclass(frozen=True)
class Refreshed:
    """One data set: what was asked, what was read, what could not be told to those who wait for alerts."""

    fetched: FetchResult
    read: IngestResult
    alerts: tuple[str, ...] = ()

    def lines(self) -> list[str]:
        """What became of it, and every reason."""
        reasons = dict.fromkeys([*self.read.sentences, *self.read.warnings, *self.alerts])
        return [f"{self.read.key}: {describe_read(self.read)}; {describe_asked(self.fetched)}"] + [
            f"  {reason}" for reason in reasons
        ]

    def as_json(self) -> dict[str, object]:
        """The same facts for a program."""
        vintage = self.read.vintage
        return {
            "dataset": self.read.key,
            "outcome": self.read.outcome,
            "bodies": len(self.fetched.manifests),
            "unchanged_parts": list(self.fetched.unchanged),
            "resumed_parts": self.fetched.resumed,
            "read": self.read.read,
            "vintage": vintage.model_dump(mode="json") if vintage else None,
            "errors": {part: error.as_record() for part, error in self.read.errors.items()},
            "warnings": list(self.read.warnings),
        }


def describe_read(result: IngestResult) -> str:
    """What stands now, and whether anything was read or built for it."""
    vintage = result.vintage
    if vintage is None:
        return "absent, there is no vintage yet"
    words = {"new": "new vintage", "unchanged": "unchanged", "kept": "kept the last good vintage"}
    text = f"{words[result.outcome]} ({vintage.vintage}, {vintage.rows:,} rows, {vintage.areas} areas)"
    return text if result.read else f"{text}, nothing read and nothing rebuilt"


def describe_asked(result: FetchResult) -> str:
    """What the source sent."""
    bodies, stood = len(result.manifests), len(result.unchanged)
    if not bodies and not stood and not result.errors:
        return "archive, nothing asked"
    resumed = f"; resumed at part {result.resumed + 1}" if result.resumed else ""
    if not bodies and not result.errors:
        return f"asked, nothing new; {_count(stood, 'part')}, no body fetched{resumed}"
    size = sum(manifest.bytes for manifest in result.manifests.values())
    failed = f", {_count(len(result.errors), 'part')} failed" if result.errors else ""
    return f"{_count(bodies, 'body')} fetched, {size:,} bytes; {stood} unchanged{failed}{resumed}"


def summarise(results: Sequence[Refreshed]) -> str:
    """One line over all data sets."""
    outcomes = Counter(str(result.read.outcome) for result in results)
    order = ("new", "unchanged", "kept", "absent")
    named = ", ".join(f"{outcomes[name]} {name}" for name in order if outcomes[name])
    bodies = sum(len(result.fetched.manifests) for result in results)
    return f"{_count(len(results), 'data set')}: {named}; {_count(bodies, 'body')}"


def _count(number: int, word: str) -> str:
    plural = "bodies" if word == "body" else f"{word}s"
    return f"{number:,} {word if number == 1 else plural}"
