"""What the store writes down about bytes and vintages: small immutable records, one JSON file each.

What belongs here: their fields. What does not: where they lie on disk (store.py) or who makes them
(refresh.py). Times are UTC text (`2026-03-01T06:00:00Z`).
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from connectors.spec import Licence

PartStatus = Literal["fresh", "kept", "absent"]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Manifest(_Record):
    """One snapshot: the bytes of one part as a provider sent them. `url` is redacted."""

    provider: str
    dataset: str
    part: str
    sha256: str
    bytes: int
    url: str
    method: str
    params: dict[str, str]
    status: int
    etag: str | None
    last_modified: str | None
    retrieved_at: str
    version_marker: str
    licence: Licence
    citation: str
    spec_sha256: str
    illustrative: bool


class SourceWarning(_Record):
    """Something a named person should know before release. `fault` is its id in the runbook (V06, S10, ...).

    `part` is empty where the whole data set is meant, and names one part and how many others where they
    share the warning; `facts` are the cases, the largest first.
    """

    fault: str
    text: str
    part: str = ""
    facts: tuple[str, ...] = ()

    def __str__(self) -> str:
        """The sentence, with the part it is about."""
        return f"{self.part}: {self.text}" if self.part not in ("", "all") else self.text


class HeldBack(_Record):
    """One series of one country that was kept out of a vintage, because all of it jumped (fault V07).

    `compared_sha256` is the snapshot where it last had rows: it stays the standard, whatever follows, until
    the series comes back to it or a person accepts the jump.
    """

    series: str
    ref_area: str
    dimensions: str
    compared_sha256: str


class PartState(_Record):
    """One part inside a vintage. `kept`: its last good snapshot stands; `absent`: there is none.

    `compared_sha256` is the snapshot the part was compared with when it became part of a vintage.
    """

    status: PartStatus
    sha256: str | None = None
    retrieved_at: str | None = None
    url: str | None = None
    version_marker: str | None = None
    bytes: int | None = None
    reason: str | None = None
    compared_sha256: str | None = None
    held_back: tuple[HeldBack, ...] = ()


class Vintage(_Record):
    """One state of a data set.

    `producer_date` is the producer's own marker (a day, or UNSD's release tag). `question_sha256` is the
    declaration its parts were asked by (see FetchRecord); empty in a vintage from before it was written down.
    """

    provider: str
    dataset: str
    vintage: str
    sequence: int
    producer_date: str
    content_sha256: str
    raw_sha256: str
    observations_sha256: str
    rows: int
    areas: int
    first_year: int | None
    last_year: int | None
    parts: dict[str, PartState]
    spec_sha256: str
    question_sha256: str = ""
    licence: Licence
    citation: str
    illustrative: bool
    quarantined: int
    warnings: tuple[SourceWarning, ...] = ()


class FetchedPart(_Record):
    """What stands for one part after a fetch, and what the provider said of it when it was last asked."""

    sha256: str
    version_marker: str
    etag: str | None = None
    last_modified: str | None = None


class FetchRecord(_Record):
    """What the last fetch brought: the seam between the raw and the observation stage.

    `parts` maps a part to what stands for it, `unchanged` names those whose bytes the provider did not have
    to send again; `errors` maps a failed part to its error's facts. `question_sha256` is the declaration
    that was asked by.
    """

    dataset: str
    at: str
    question_sha256: str
    parts: dict[str, FetchedPart]
    unchanged: tuple[str, ...] = ()
    errors: dict[str, dict[str, Any]]

    @property
    def brought_sha256(self) -> str:
        """Hash of all that reading depends on: bytes and markers by part, and every error."""
        parts = {name: (part.sha256, part.version_marker) for name, part in self.parts.items()}
        return hashlib.sha256(json.dumps([parts, self.errors], sort_keys=True).encode()).hexdigest()


class IngestRecord(_Record):
    """What was last read: while nothing here differs, nothing needs to be read again.

    `parts` maps a part to the snapshot read without a fault and what the provider said of it; a part that
    stands and was not part of the last fetch keeps its entry. `fetched_sha256` is the hash of what the fetch
    brought and refused (`FetchRecord.brought_sha256`), `errors` what was told of it; `vintage` is the one
    that stood afterwards. `code_sha256` is the code that read.
    """

    dataset: str
    question_sha256: str
    code_sha256: str
    fetched_sha256: str
    parts: dict[str, FetchedPart]
    errors: dict[str, dict[str, Any]]
    vintage: str


def utc_text(moment: datetime) -> str:
    """A moment as UTC text to the second. Refuses a moment without a time zone."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
