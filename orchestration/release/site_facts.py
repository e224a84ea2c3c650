"""The facts of a release's site: what its pages print beside the tables.

What belongs here: filling SiteFacts from the lock, the gate and the files. What does not: their shape
(site/facts.py), a page's words (texts/site/).

Everything comes from what the lock pins, so that the same lock gives the same pages whenever they are made.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from expectations.report import GateReport
from orchestration.release import erratum as errata
from orchestration.release.checksums import hash_file
from orchestration.release.ids import parse_release_id
from orchestration.release.lock_model import Lock, LockedRelease
from orchestration.release.names import SITE
from orchestration.release.site.facts import (
    BundleFile,
    CalendarEntry,
    EarlierRelease,
    Erratum,
    SiteFacts,
)
from orchestration.release.site.pages import indicators
from orchestration.release.site.render import DATA, HOME
from orchestration.release.state import State
from orchestration.release.wording import LANGUAGES, say

_TEXTS = "site_facts"
_OF_ALL_INDICATORS = (HOME, indicators.INDEX, "progress/", "countries/", "analysis/")
"""The pages that print or count figures of every indicator; a name that ends in a slash is a whole folder."""


def build_facts(lock: Lock, gate: GateReport, files: tuple[BundleFile, ...]) -> SiteFacts:
    """What the site of this lock prints; `files` are those of the bundle that are finished before it."""
    plan = lock.plan
    return SiteFacts(
        release=lock.release,
        title=plan.title.by_language(),
        issued=plan.date,
        reference_year=lock.reference_year,
        illustrative=lock.illustrative,
        citation={language: _citation(lock, language) for language in LANGUAGES},
        licence={language: say("catalogue", "terms", language) for language in LANGUAGES},
        contact=plan.contact,
        address=None if lock.address is None else f"{lock.address}/site",
        gate_rules=tuple(rule.model_dump(mode="json") for rule in gate.rules),
        gate_decisions=tuple(used.model_dump(mode="json") for used in gate.decisions),
        maps_cleared=plan.maps != "none",
        files=files,
        predecessor=lock.predecessor.release if lock.predecessor else None,
        earlier=tuple(_earlier(lock, one) for one in lock.earlier),
        errata=tuple(_errata(lock)),
        calendar=tuple(_calendar(lock)),
    )


def list_files(bundle_dir: Path) -> tuple[BundleFile, ...]:
    """Every file that lies in `bundle_dir` now, the site apart."""
    files = sorted(path.relative_to(bundle_dir) for path in bundle_dir.rglob("*") if path.is_file())
    return tuple(
        BundleFile(name.as_posix(), (bundle_dir / name).stat().st_size, hash_file(bundle_dir / name))
        for name in files
        if name.parts[0] != SITE
    )


def _citation(lock: Lock, language: str) -> str:
    words: Mapping[str, Any] = {
        "author": say("workbook", "author", language),
        "year": lock.plan.date.year,
        "title": lock.plan.title.by_language()[language],
        "release": lock.release,
    }
    text = say(_TEXTS, "citation", language, **words)
    return text if lock.plan.address is None else f"{text} {lock.plan.address}/{lock.release}/"


def _earlier(lock: Lock, one: LockedRelease) -> EarlierRelease:
    """What became of an earlier release, the present correction included."""
    if one.state is not State.WITHDRAWN and lock.erratum is not None and _is_same_edition(lock, one.release):
        told = _erratum_of(lock, one.release) or lock.erratum
        return EarlierRelease(one.release, one.issued, "corrected", told.text.model_dump())
    if one.reason is None:
        return EarlierRelease(one.release, one.issued, one.state.value)
    english = one.reason["en"]
    said = {
        language: one.reason.get(language) or f"{say('public', 'reason_in_english', language)} {english}"
        for language in LANGUAGES
    }
    return EarlierRelease(one.release, one.issued, one.state.value, said)


def _erratum_of(lock: Lock, release: str) -> errata.Erratum | None:
    """The erratum that corrects a release itself; that of a withdrawn correction if there is no other."""
    before = sorted(lock.earlier, key=lambda one: one.state is State.WITHDRAWN)
    known = [lock.erratum, *(one.erratum for one in before)]
    return next((one for one in known if one is not None and one.corrects == release), None)


def _errata(lock: Lock) -> Iterator[Erratum]:
    """The erratum of this correction and those of all corrections before it, the newest first.

    Those of withdrawn corrections too: the error stays in what they corrected. The pages they touch say so in
    the edition that is corrected; a later one lists them only.
    """
    known = [one.erratum for one in lock.earlier if one.erratum]
    for erratum in [*known, *([lock.erratum] if lock.erratum else [])][::-1]:
        pages = _touched(erratum) if _is_same_edition(lock, erratum.release) else ()
        yield Erratum(erratum.corrects, erratum.found, erratum.text.model_dump(), pages)


def _touched(erratum: errata.Erratum) -> tuple[str, ...]:
    """The pages which it names, and those that state what it names."""
    pages = [*erratum.pages, *(indicators.path_of(code) for code in erratum.indicators)]
    common = _OF_ALL_INDICATORS if erratum.indicators else ()
    return tuple(dict.fromkeys([*pages, *common, *([DATA] if erratum.tables else [])]))


def _is_same_edition(lock: Lock, release: str) -> bool:
    """Whether both are the same release of the same year, corrections apart."""
    own, other = parse_release_id(lock.release), parse_release_id(release)
    return (own.year, own.number) == (other.year, other.number)


def _calendar(lock: Lock) -> Iterator[CalendarEntry]:
    """The publication of this release, if its plan states when."""
    embargo = lock.plan.embargo
    if embargo is not None:
        text = {language: say("public", "planned", language, release=lock.release) for language in LANGUAGES}
        yield CalendarEntry(lock.release, embargo.local.replace(tzinfo=ZoneInfo(embargo.zone)), text)
