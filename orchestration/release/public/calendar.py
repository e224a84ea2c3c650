"""The calendar of releases, from their plans: JSON, and iCalendar (RFC 5545) in each language.

What belongs here: which dates are announced and the two formats. What does not: the plan's fields
(plan_model.py).

A release is announced as soon as its accepted plan states the embargo, the instant at which everyone gets
access. Accepted is what the verb `plan` recorded, and from the lock on the plan inside it: a file that
somebody is still editing announces nothing. Invented releases are never announced.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from connectors.errors import CheckError, CircularityError, UsageError
from orchestration.release.clock import utc_text
from orchestration.release.context import DBT_PROJECT
from orchestration.release.datapackage import PUBLISHER
from orchestration.release.files import canonical_json
from orchestration.release.ids import parse_release_id
from orchestration.release.lock_model import load_lock
from orchestration.release.paths import ReleasePaths
from orchestration.release.plan import fill_plan, plan_sha256
from orchestration.release.plan_model import Plan
from orchestration.release.public.notice import say
from orchestration.release.site.facts import LANGUAGES
from orchestration.release.standing import Record
from orchestration.release.state import State, load_state

_STAMP = "%Y%m%dT%H%M%SZ"
_FOLD = 75
"""Octets a line of iCalendar may have before it is folded."""


@dataclass(frozen=True)
class Planned:
    """One announced release: planned, published, corrected or withdrawn.

    `note` is by language; `stated` is the plan's own date.
    """

    release: str
    at: datetime
    zone: str
    state: str
    note: Mapping[str, str] | None
    stated: date


def collect_dates(paths: ReleasePaths, record: Record) -> tuple[list[Planned], list[str]]:
    """The announced releases by time, and why a folder of releases had to be left out.

    No folder stops the others from being announced, whatever somebody put there.
    """
    published = {one.release: one for one in record.releases}
    found, faults = [], []
    for release in sorted(path.parent.name for path in paths.releases_dir.glob("*/state.json")):
        one = published.get(release)
        try:
            if parse_release_id(release).sample:
                continue
            plan = one.lock.plan if one else _accepted_plan(paths.of(release))
        except (CircularityError, OSError) as error:
            faults.append(f"{release} is left out of the calendar: {error}")
            continue
        if plan.embargo is not None:
            found.append(_planned(plan, str(record.state_of(one)) if one else "planned"))
    return sorted(found, key=lambda planned: (planned.at, planned.release)), faults


def render_json(dates: list[Planned]) -> bytes:
    """The calendar for programs."""
    return canonical_json(
        {
            "releases": [
                {
                    "release": planned.release,
                    "at": utc_text(planned.at),
                    "zone": planned.zone,
                    "state": planned.state,
                    "note": planned.note,
                    "text": {language: _summary(planned, language) for language in LANGUAGES},
                }
                for planned in dates
            ]
        }
    )


def render_ics(dates: list[Planned], language: str) -> bytes:
    """The calendar of one language for calendar programs."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//{_escape(PUBLISHER)}//circularity//EN"]
    for planned in dates:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{planned.release}.circularity",
            f"DTSTAMP:{datetime.combine(planned.stated, datetime.min.time()):{_STAMP}}",
            f"DTSTART:{planned.at.astimezone(UTC):{_STAMP}}",
            f"SUMMARY;LANGUAGE={language}:{_escape(_summary(planned, language))}",
            *([f"DESCRIPTION;LANGUAGE={language}:{_escape(planned.note[language])}"] if planned.note else []),
            *(["STATUS:CANCELLED"] if planned.state == "withdrawn" else ["STATUS:CONFIRMED"]),
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{_fold(line)}\r\n" for line in lines).encode()


def _accepted_plan(paths: ReleasePaths) -> Plan:
    """The plan of an unpublished release as it was recorded. Raises a CircularityError if it is not that."""
    state = load_state(paths)
    if state is not None and state.state is not State.PLANNED:
        lock = load_lock(paths, state)
        if lock.release != paths.release_id:
            raise CheckError(f"lock.json is that of release {lock.release}. Restore the folder's own.")
        return lock.plan
    plan = fill_plan(paths, DBT_PROJECT)
    if state is None or plan_sha256(plan) != state.hashes.get("plan"):
        raise UsageError(
            f"plan.yaml is not the plan that was accepted. Run: circularity release plan {paths.release_id}"
        )
    return plan


def _planned(plan: Plan, state: str) -> Planned:
    assert plan.embargo is not None
    embargo = plan.embargo
    note = plan.calendar.by_language() if plan.calendar else None
    return Planned(plan.release, embargo.instant, embargo.zone, state, note, plan.date)


def _summary(planned: Planned, language: str) -> str:
    return say(language, "planned", release=planned.release)


def _escape(text: str) -> str:
    for character in ("\\", ";", ","):
        text = text.replace(character, f"\\{character}")
    return text


def _fold(line: str) -> str:
    """The line in pieces of at most 75 octets, none of which cuts a letter."""
    pieces, rest = [], line
    while len(rest.encode()) > _FOLD:
        size = len(rest.encode()[:_FOLD].decode(errors="ignore"))
        pieces.append(rest[:size])
        rest = f" {rest[size:]}"
    return "\r\n".join([*pieces, rest])
