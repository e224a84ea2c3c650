"""What the pages say about their release as a whole: all of it from the lock."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from connectors.errors import UsageError
from expectations.waivers import Note
from orchestration.release.erratum import Erratum
from orchestration.release.lock_model import Lock, LockedRelease, read_lock
from orchestration.release.plan_model import Embargo
from orchestration.release.site.facts import BundleFile, SiteFacts
from orchestration.release.site_facts import build_facts, list_files
from orchestration.release.state import State
from tests.bundle.conftest import Staged, make_lock

TEXT = {"en": "A unit was wrong.", "fr": "Une unité était fausse.", "ru": "Единица была неверной."}
PAGES = (
    *("index.html", "indicators/index.html", "indicators/A02.html", "indicators/W07.html"),
    *("progress/index.html", "progress/unece.html", "countries/ALB.html", "analysis/gaps-1.html"),
    *("data/index.html", "data/embeds.html", "quality/index.html", "calendar.html", "accessibility.html"),
)
"""Some pages of a site, of every folder."""
FILE = BundleFile("gate.json", 3, "a" * 64)


def facts(staged: Staged, *, plan: dict[str, Any] | None = None, **lock: Any) -> SiteFacts:
    """The facts of the lock with some fields of it and of its plan replaced."""
    made = make_lock()
    changed = made.plan.model_copy(update=plan or {})
    return build_facts(made.model_copy(update={"plan": changed, **lock}), staged.gate, (FILE,))


def erratum(release: str, corrects: str, **fields: Any) -> Erratum:
    given = {
        "release": release,
        "corrects": corrects,
        "found": date(2026, 5, 4),
        "reason_code": "our_error",
        "tables": (),
        "indicators": (),
        "pages": (),
        "text": Note(**TEXT),
    }
    return Erratum(**{**given, **fields})


def out(release: str, state: str, **fields: Any) -> LockedRelease:
    return LockedRelease(release=release, issued=date(2025, 3, 1), state=State(state), **fields)


def correction(**lock: Any) -> dict[str, Any]:
    """The lock of the second correction of 2026.1, of which the first was withdrawn."""
    earlier = (
        out("2025.1", "published"),
        out("2026.1", "corrected"),
        out("2026.1.1", "withdrawn", erratum=erratum("2026.1.1", "2026.1"), reason={"en": "Wrong."}),
    )
    return {"release": "2026.1.2", "illustrative": False, "earlier": earlier, **lock}


def test_plan_and_gate_are_told(staged: Staged) -> None:
    found = facts(staged)
    assert (found.release, found.issued, found.reference_year) == ("sample-2026.1", date(2026, 3, 1), 2025)
    assert found.title["ru"] == make_lock().plan.title.ru and found.illustrative
    assert found.predecessor == "sample-2025.1" and found.files == (FILE,)
    assert len(found.gate_rules) == len(staged.gate.rules)
    assert [used["decision"]["gate"] for used in found.gate_decisions] == ["G5"]
    assert found.contact == "https://unece.org/"


@pytest.mark.parametrize(("maps", "drawn"), [("none", False), ("illustrative", True), (object(), True)])
def test_maps_are_drawn_as_the_plan_says(staged: Staged, maps: object, drawn: bool) -> None:
    assert facts(staged, plan={"maps": maps}).maps_cleared is drawn


def test_the_citation_names_house_title_release_and_address(staged: Staged) -> None:
    found = facts(staged, plan={"address": "https://example.org/c"})
    assert found.address == "https://example.org/c/sample-2026.1/bundle/site"
    assert found.place_of("en/index.html") == f"{found.address}/en/index.html"
    assert found.citation["en"] == (
        "United Nations Economic Commission for Europe (UNECE) (2026). Circular economy in the UNECE region. "
        "Release sample-2026.1. https://example.org/c/sample-2026.1/"
    )
    assert found.citation["fr"].startswith("Commission économique") and "Выпуск" in found.citation["ru"]


def test_without_an_address_none_is_invented(staged: Staged) -> None:
    found = facts(staged)
    assert found.address is None and found.place_of("en/index.html") == "en/index.html"
    assert "http" not in found.citation["en"]


def test_the_calendar_is_the_embargo_of_the_plan(staged: Staged) -> None:
    assert facts(staged).calendar == ()
    embargo = Embargo(local=datetime(2026, 3, 2, 10), zone="Europe/Zurich")
    (entry,) = facts(staged, plan={"embargo": embargo}).calendar
    assert (
        entry.at.astimezone(UTC) == embargo.instant
        and entry.at.utcoffset() == datetime(2026, 3, 2, 10, tzinfo=entry.at.tzinfo).utcoffset()
    )
    assert all("sample-2026.1" in entry.text[language] for language in ("en", "fr", "ru"))


def test_a_correction_tells_what_was_wrong_on_the_pages_it_touches(staged: Staged) -> None:
    own = erratum("2026.1.2", "2026.1", pages=("calendar.html",), indicators=("A02",), tables=("rpt_target",))
    found = facts(staged, **correction(erratum=own))
    known, withdrawn = found.errata
    assert (withdrawn.release, withdrawn.text) == ("2026.1", TEXT)  # the error stays in what it corrected
    assert [path for path in PAGES if known.touches(path)] == [
        "index.html",
        "indicators/index.html",
        "indicators/A02.html",
        "progress/index.html",
        "progress/unece.html",
        "countries/ALB.html",
        "analysis/gaps-1.html",
        "data/index.html",
        "calendar.html",
    ]
    assert (known.release, known.text) == ("2026.1", TEXT)
    states = {one.release: one.state for one in found.earlier}
    assert states == {"2025.1": "published", "2026.1": "corrected", "2026.1.1": "withdrawn"}
    assert found.earlier[1].reason == TEXT


def test_an_error_of_a_table_touches_the_page_of_the_files_alone(staged: Staged) -> None:
    own = erratum("2026.1.2", "2026.1", tables=("rpt_target",))
    known, _ = facts(staged, **correction(erratum=own)).errata
    assert known.pages == ("data/index.html",)


def test_each_corrected_release_is_told_its_own_erratum(staged: Staged) -> None:
    other = Note(en="A year was wrong.", fr="Une année était fausse.", ru="Год был неверным.")
    first = out("2026.1.1", "corrected", erratum=erratum("2026.1.1", "2026.1"))
    own = erratum("2026.1.2", "2026.1.1", text=other)
    found = facts(staged, **correction(earlier=(out("2026.1", "corrected"), first), erratum=own))
    reasons = {one.release: one.reason for one in found.earlier}
    assert reasons == {"2026.1": TEXT, "2026.1.1": other.model_dump()}


@pytest.mark.parametrize("state", ["published", "withdrawn"])
def test_a_later_release_lists_an_erratum_and_marks_no_page(staged: Staged, state: str) -> None:
    before = out("2026.1.1", state, erratum=erratum("2026.1.1", "2026.1", pages=("calendar.html",)))
    found = facts(staged, **correction(release="2027.1", earlier=(before,)))
    assert [known.pages for known in found.errata] == [()]


def test_a_reason_in_english_says_so_in_other_languages(staged: Staged) -> None:
    reason = facts(staged, **correction()).earlier[2].reason
    assert reason is not None and reason["en"] == "Wrong."
    assert reason["fr"].endswith(" Wrong.") and "anglais" in reason["fr"]


def test_files_are_listed_with_size_and_hash_but_for_the_site(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    for name in ("gate.json", "circularity.duckdb", "site/index.html"):
        (tmp_path / name).write_bytes(b"abc")
    digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert list_files(tmp_path) == (
        BundleFile("circularity.duckdb", 3, digest),
        BundleFile("gate.json", 3, digest),
    )


def test_a_lock_of_another_format_is_refused_by_name(tmp_path: Path) -> None:
    lock: Lock = make_lock()
    path = tmp_path / "lock.json"
    path.write_bytes(lock.to_bytes())
    assert read_lock(path) == lock
    path.write_bytes(lock.to_bytes().replace(b"circularity-lock/2", b"circularity-lock/1"))
    with pytest.raises(UsageError, match=r"circularity-lock/1.*check out the commit it names: '3333"):
        read_lock(path)
