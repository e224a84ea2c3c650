"""What the site says about a release that its tables do not hold.

What belongs here: the frozen facts which the caller fills from the plan, the lock, the gate and earlier
releases. What does not: anything a table of the release says, and any default that could hide a missing fact.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from connectors.errors import CheckError

LANGUAGES = ("en", "fr", "ru")

ByLanguage = Mapping[str, str]
"""One text in each of the three languages."""


@dataclass(frozen=True)
class EarlierRelease:
    """A release before this one: `state` is published, corrected or withdrawn."""

    release: str
    issued: date
    state: str
    reason: ByLanguage | None = None


@dataclass(frozen=True)
class Erratum:
    """What was wrong in `release`, in which pages, and what now stands there.

    A name in `pages` that ends in a slash is every page of that folder.
    """

    release: str
    found: date
    text: ByLanguage
    pages: tuple[str, ...] = ()

    def touches(self, path: str) -> bool:
        """Whether the page at `path` is one of those it names."""
        return any(path == one or (one.endswith("/") and path.startswith(one)) for one in self.pages)


@dataclass(frozen=True)
class CalendarEntry:
    """A planned or past publication; `at` carries its zone."""

    release: str
    at: datetime
    text: ByLanguage


@dataclass(frozen=True)
class BundleFile:
    """A file of the bundle: `path` relative to the bundle, size in bytes, SHA-256 in hex."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True)
class SiteFacts:
    """Everything the pages print that is not in a table.

    `citation`, `licence` and `title` by language; `address` is the permanent address of the site without a
    closing slash, if there is one; `gate_rules` and `gate_decisions` are the rules and decisions of gate.json
    as plain objects; `files` are the files of the bundle that are finished before the site, which stands in
    the bundle's folder site/; without `maps_cleared` the site has no map and says so.
    """

    release: str
    title: ByLanguage
    issued: date
    reference_year: int
    illustrative: bool
    citation: ByLanguage
    licence: ByLanguage
    contact: str
    address: str | None
    gate_rules: tuple[Mapping[str, Any], ...]
    maps_cleared: bool
    gate_decisions: tuple[Mapping[str, Any], ...] = ()
    files: tuple[BundleFile, ...] = ()
    predecessor: str | None = None
    earlier: tuple[EarlierRelease, ...] = ()
    errata: tuple[Erratum, ...] = ()
    calendar: tuple[CalendarEntry, ...] = ()
    languages: tuple[str, ...] = LANGUAGES

    def place_of(self, path: str) -> str:
        """The permanent address of a file of the site; without one, its place inside the site."""
        return path if self.address is None else f"{self.address}/{path}"

    def __post_init__(self) -> None:
        """Refuse facts that lack a language, because a page would fall silent in it."""
        for name in ("title", "citation", "licence"):
            missing = [language for language in self.languages if not getattr(self, name).get(language)]
            if missing:
                raise CheckError(
                    f"The site's {name} has no text in {', '.join(missing)}. Add it to the plan."
                )
