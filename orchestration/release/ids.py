"""Release ids: `2026.1`, its correction `2026.1.1`, and `sample-2026.1` for illustrative data.

What belongs here: the form of an id and the order of ids.
What does not: any meaning beyond the label; the status of a release is in state.py.
"""

import re
from dataclasses import dataclass

from connectors.errors import UsageError

_FORM = re.compile(
    r"(?P<sample>sample-)?(?P<year>20\d\d)\.(?P<number>[1-9]\d?)(?:\.(?P<correction>[1-9]\d?))?"
)


@dataclass(frozen=True, order=True)
class ReleaseId:
    """A parsed release id. Ids sort by year, number, correction."""

    year: int
    number: int
    correction: int = 0
    sample: bool = False

    def __str__(self) -> str:
        """The id as it is written everywhere."""
        tail = f".{self.correction}" if self.correction else ""
        return f"{'sample-' if self.sample else ''}{self.year}.{self.number}{tail}"


def parse_release_id(text: str, *, illustrative: bool | None = None) -> ReleaseId:
    """Parse an id; with `illustrative` given, also demand the right kind of id for that data.

    Raises UsageError: the text becomes part of folder names, so nothing else is let through.
    """
    match = _FORM.fullmatch(text)
    if match is None:
        raise UsageError(
            f"{text[:40]!r} is not a release id. Write YEAR.NUMBER, for instance 2026.1, a correction "
            "2026.1.1, or sample-2026.1 for the illustrative data."
        )
    release = ReleaseId(
        int(match["year"]), int(match["number"]), int(match["correction"] or 0), bool(match["sample"])
    )
    if illustrative is not None and illustrative != release.sample:
        wanted = "start with sample-" if illustrative else "not start with sample-"
        raise UsageError(
            f"{text} does not fit the data it would be made of: with CIRCULARITY_SOURCE="
            f"{'sample' if illustrative else 'live or archive'} an id must {wanted}."
        )
    return release
