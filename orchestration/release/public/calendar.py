"""The calendar of releases, from their plans: JSON, and iCalendar (RFC 5545) in each language.

What belongs here: which dates are announced and the two formats. What does not: the plan's fields
(plan_model.py).

A release is announced as soon as its accepted plan states the embargo, the instant at which everyone gets
access. Of a published release the plan inside its lock counts. Invented releases are never announced.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from connectors.errors import UsageError
from orchestration.release.clock import utc_text
from orchestration.release.datapackage import PUBLISHER
from orchestration.release.files import canonical_json
from orchestration.release.ids import parse_release_id
from orchestration.release.paths import ReleasePaths
from orchestration.release.plan_model import Plan, read_plan
from orchestration.release.public.notice import say
from orchestration.release.site.facts import LANGUAGES
from orchestration.release.standing import Record

_STAMP = "%Y%m%dT%H%M%SZ"
_FOLD = 75
"""Octets a line of iCalendar may have before it is folded."""


@dataclass(frozen=True)
class Planned:
    """One announced release: planned, published, corrected or withdrawn. `stated` is the plan's own date."""

    release: str
    at: datetime
    zone: str
    state: str
    note: str | None
    stated: date


def collect_dates(paths: ReleasePaths, record: Record) -> tuple[list[Planned], list[str]]:
    """The announced releases by time, and what is wrong with a plan that had to be left out."""
    published = {one.release: one for one in record.releases}
    folders = paths.releases_dir.glob("*/state.json")
    ids = sorted(parse_release_id(path.parent.name) for path in folders)
    found, faults = [], []
    for release in (str(one) for one in ids if not one.sample):
        one = published.get(release)
        try:
            plan = one.lock.plan if one else read_plan(paths.of(release).plan_file)
        except (UsageError, OSError) as error:
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
            *([f"DESCRIPTION:{_escape(planned.note)}"] if planned.note else []),
            *(["STATUS:CANCELLED"] if planned.state == "withdrawn" else ["STATUS:CONFIRMED"]),
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{_fold(line)}\r\n" for line in lines).encode()


def _planned(plan: Plan, state: str) -> Planned:
    assert plan.embargo is not None
    embargo = plan.embargo
    return Planned(plan.release, embargo.instant, embargo.zone, state, plan.calendar, plan.date)


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
