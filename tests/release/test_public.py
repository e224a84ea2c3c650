"""What lies beside the bundles: latest, feeds and calendar, from records and plans alone."""

import json
import shutil
from datetime import UTC, datetime
from xml.etree import ElementTree as Xml

import pytest
import yaml

from connectors.errors import StoreError
from orchestration.release.files import hash_folder
from orchestration.release.process_lock import hold_lock
from orchestration.release.public.calendar import Planned, render_ics
from orchestration.release.public.outlet import (
    announce_releases,
    build_outlet,
    find_stale,
    is_current,
    write_public,
)
from orchestration.release.withdraw import withdraw_release
from tests.release.conftest import FakeGate, Person, World
from tests.release.outgoing import TEXT, publish, publish_correction

People = dict[str, Person]
ATOM = "{http://www.w3.org/2005/Atom}"
LANGUAGES = ("en", "fr", "ru")
NOTE = {"en": "In Geneva; with the press", "fr": "À Genève ; avec la presse", "ru": "В Женеве; с прессой"}


@pytest.fixture
def published(signed: World) -> World:
    return publish(signed)


def test_before_any_publication_there_is_a_calendar_and_no_news(world: World) -> None:
    world.plan(
        embargo={"local": datetime(2026, 3, 30, 10, 0), "zone": "Europe/Zurich"},
        calendar=NOTE,
    )
    written, faults = write_public(world.paths)
    assert faults == [] and "latest.json" in written
    public = world.paths.public_dir
    assert not list(public.glob("feed*"))
    assert json.loads((public / "latest.json").read_text())["release"] is None
    assert "No release stands at present" in (public / "latest" / "index.html").read_text()
    (entry,) = json.loads((public / "calendar.json").read_text())["releases"]
    assert (entry["release"], entry["at"], entry["zone"], entry["state"]) == (
        "2026.1",
        "2026-03-30T08:00:00Z",
        "Europe/Zurich",
        "planned",
    )
    assert entry["note"] == NOTE and set(entry["text"]) == set(LANGUAGES)
    ics = (public / "calendar_fr.ics").read_bytes().decode()
    assert "DTSTART:20260330T080000Z\r\n" in ics and "DTSTAMP:20260110T000000Z\r\n" in ics
    assert "publication 2026.1" in ics.replace("\r\n ", "")
    assert "DESCRIPTION;LANGUAGE=fr:À Genève \\; avec la presse\r\n" in ics
    assert "In Geneva" not in ics
    assert write_public(world.paths) == ([], [])


def test_a_plan_without_an_embargo_is_not_announced(world: World) -> None:
    world.plan()
    write_public(world.paths)
    assert json.loads((world.paths.public_dir / "calendar.json").read_text()) == {"releases": []}


def test_a_plan_that_cannot_be_read_is_left_out_and_told(published: World) -> None:
    other = published.of("2027.1")
    other.plan(release="2027.1", embargo={"local": datetime(2027, 3, 1, 10, 0), "zone": "UTC"})
    write_public(published.paths)
    other.paths.plan_file.write_text("release: [")
    written, (fault,) = write_public(published.paths)
    assert "calendar.json" in written
    assert fault.startswith("2027.1 is left out of the calendar: plan.yaml is not readable YAML")
    dates = json.loads((published.paths.public_dir / "calendar.json").read_text())["releases"]
    assert [date["release"] for date in dates] == ["2026.1"]


def _announced(world: World) -> list[tuple[str, str]]:
    write_public(world.paths)
    dates = json.loads((world.paths.public_dir / "calendar.json").read_text())["releases"]
    return [(date["release"], date["at"]) for date in dates]


def test_a_plan_nobody_accepted_is_not_announced(published: World) -> None:
    other = published.of("2027.1")
    embargo = {"local": datetime(2027, 3, 1, 10, 0), "zone": "UTC"}
    other.plan(release="2027.1", embargo=embargo)
    first, accepted = ("2026.1", "2026-01-12T09:00:00Z"), ("2027.1", "2027-03-01T10:00:00Z")
    assert _announced(published) == [first, accepted]
    text = other.paths.plan_file.read_text()
    other.paths.plan_file.write_text(text.replace("2027-03-01", "2027-04-01"))
    (fault,) = write_public(published.paths)[1]
    assert fault.endswith("plan.yaml is not the plan that was accepted. Run: circularity release plan 2027.1")
    assert _announced(published) == [first]
    other.paths.plan_file.write_text(text)
    other.lock()
    other.paths.plan_file.write_text(text.replace("2027-03-01", "2027-04-01"))
    assert _announced(published) == [first, accepted]


@pytest.mark.parametrize("name", ["2026.1-old", "2027.5"])
def test_a_copied_folder_is_left_out_and_stops_nothing(published: World, name: str) -> None:
    other = published.of("2027.1")
    other.plan(release="2027.1", embargo={"local": datetime(2027, 3, 1, 10, 0), "zone": "UTC"})
    other.lock()
    shutil.copytree(other.paths.work_dir, published.paths.releases_dir / name)
    (fault,) = write_public(published.paths)[1]
    assert fault.startswith(f"{name} is left out of the calendar: ")
    assert [release for release, _ in _announced(published)] == ["2026.1", "2027.1"]


def test_an_edited_lock_of_a_published_release_stops_no_other(published: World) -> None:
    lock = published.paths.published_dir / "lock.json"
    lock.chmod(0o644)
    lock.write_text(lock.read_text() + " ")
    (fault,) = write_public(published.paths)[1]
    assert "lock.json was edited" in fault and _announced(published) == []


def test_nobody_announces_while_another_process_publishes(published: World) -> None:
    published.paths.latest_file.write_text("{}")
    with (
        hold_lock(published.paths.publish_lock_file, "Boris", published.now),
        pytest.raises(StoreError, match="Boris .* publishing"),
    ):
        announce_releases(published.ctx.root, now=published.now)
    assert published.paths.latest_file.read_text() == "{}"
    assert announce_releases(published.ctx.root, now=published.now).written == ("latest.json",)


def test_a_changed_plan_of_a_published_release_moves_no_date(published: World) -> None:
    plan = yaml.safe_load(published.paths.plan_file.read_text())
    plan["embargo"]["local"] = datetime(2030, 1, 1, 10, 0)
    published.paths.plan_file.write_text(yaml.safe_dump(plan))
    write_public(published.paths)
    (entry,) = json.loads((published.paths.public_dir / "calendar.json").read_text())["releases"]
    assert (entry["at"], entry["state"]) == ("2026-01-12T09:00:00Z", "published")


def test_lines_of_a_calendar_are_folded_without_cutting_a_letter() -> None:
    at = datetime(2026, 3, 30, 8, 0, tzinfo=UTC)
    planned = Planned("2026.1", at, "UTC", "withdrawn", {"ru": "Заседание, " * 20}, at.date())
    content = render_ics([planned], "ru")
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    unfolded = content.decode().replace("\r\n ", "")
    assert "DESCRIPTION;LANGUAGE=ru:" + "Заседание\\, " * 20 in unfolded and "STATUS:CANCELLED" in unfolded


def _entries(world: World, language: str) -> list[dict[str, str]]:
    feed = Xml.fromstring((world.paths.public_dir / f"feed_{language}.xml").read_bytes())
    assert feed.find(f"{ATOM}updated") is not None and feed.find(f"{ATOM}author/{ATOM}name") is not None
    return [
        {
            "id": entry.findtext(f"{ATOM}id", ""),
            "title": entry.findtext(f"{ATOM}title", ""),
            "updated": entry.findtext(f"{ATOM}updated", ""),
            "summary": entry.findtext(f"{ATOM}summary", ""),
            "href": entry.find(f"{ATOM}link").attrib["href"],
        }
        for entry in feed.findall(f"{ATOM}entry")
    ]


def test_the_feeds_tell_releases_corrections_and_withdrawals(
    published: World, gate: FakeGate, people: People
) -> None:
    first = {language: _entries(published, language)[-1]["id"] for language in LANGUAGES}
    correction = publish_correction(published.of("2026.1.1"), people, 14)
    withdraw_release(correction.ctx, now=correction.tick(), reason={"en": "Wrong <again>."}, execute=True)
    for language in LANGUAGES:
        entries = _entries(published, language)
        assert [entry["href"] for entry in entries] == ["2026.1.1/", "2026.1.1/", "2026.1/"]
        assert len({entry["id"] for entry in entries}) == 3
        assert entries[-1]["id"] == first[language] == first["en"]
        assert entries[1]["summary"] == TEXT[language]
        assert "Wrong <again>." in entries[0]["summary"]
        times = [entry["updated"] for entry in entries]
        assert times == sorted(times, reverse=True) and times[-1] == "2026-01-12T09:00:00Z"
    assert [entry["title"] for entry in _entries(published, "fr")] == [
        "Publication 2026.1.1 retirée",
        "Correction 2026.1.1 de la publication 2026.1",
        "Publication 2026.1",
    ]


def test_the_folder_is_made_again_from_the_records(published: World) -> None:
    public = published.paths.public_dir
    before = hash_folder(public)
    assert is_current(published.paths)
    (public / "latest.json").unlink()
    (public / "2026.1" / "bundle").unlink()
    (public / "2026.1" / "bundle").symlink_to("/nowhere")
    assert find_stale(published.paths, build_outlet(published.paths)) == ["latest.json", "2026.1/bundle"]
    write_public(published.paths)
    assert hash_folder(public) == before and is_current(published.paths)
    assert (public / "2026.1" / "bundle" / "LICENSES.md").read_text() == "Terms\n"


def test_a_damaged_record_is_not_guessed(published: World) -> None:
    file = published.paths.published_dir / "publication.json"
    file.chmod(0o644)
    file.write_text("{}")
    before = hash_folder(published.ctx.root)
    with pytest.raises(StoreError, match="records of the published release 2026.1 are damaged"):
        write_public(published.paths)
    assert hash_folder(published.ctx.root) == before


def test_nothing_under_embargo_is_shown(signed: World) -> None:
    write_public(signed.paths)
    assert not (signed.paths.public_dir / "2026.1").exists()
    hash_of_candidate = json.loads(signed.paths.state_file.read_text())["hashes"]["candidate"]
    shown = [path.read_text() for path in signed.paths.public_dir.rglob("*") if path.is_file()]
    assert shown and not any(hash_of_candidate in text for text in shown)
