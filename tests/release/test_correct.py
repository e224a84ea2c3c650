"""A correction: a new id, an erratum in three languages, the old release readable under a banner."""

import json
import shutil
from datetime import UTC, datetime
from functools import partial

import pytest
import yaml

from connectors.errors import PolicyError, UsageError
from orchestration.release.correct import correct_release
from orchestration.release.files import hash_folder
from orchestration.release.plan import plan_release
from orchestration.release.plan_model import read_plan
from orchestration.release.public.outlet import is_current
from orchestration.release.publish import publish_release
from orchestration.release.state import State
from orchestration.release.verify import verify_bundle
from tests.release.conftest import FakeGate, Person, World
from tests.release.outgoing import TEXT, complete_plan, publish, publish_correction, refused, write_erratum
from tests.release.publishing import assert_refused

People = dict[str, Person]


@pytest.fixture
def published(signed: World) -> World:
    return publish(signed)


@pytest.fixture
def correction(published: World) -> World:
    """2026.1.1 with a good erratum, not begun."""
    world = published.of("2026.1.1")
    write_erratum(world, pages=["home.html"])
    return world


def test_a_correction_begins_with_the_plan_of_what_it_corrects(correction: World) -> None:
    done = correct_release(correction.ctx, now=correction.tick())
    assert done.state is State.PLANNED and done.next_step == "lock"
    assert "corrects 2026.1, our_error" in done.history[-1].note
    plan = read_plan(correction.paths.plan_file)
    assert (plan.release, plan.predecessor, plan.embargo) == ("2026.1.1", "2026.1", None)
    assert [s.name for s in plan.signatories] == ["Ana", "Boris"]
    assert str(plan.date) == "2026-01-12"
    before = hash_folder(correction.ctx.root)
    assert correct_release(correction.ctx, now=correction.tick()) == done
    assert hash_folder(correction.ctx.root) == before


def test_a_plan_completed_by_hand_is_recorded(correction: World) -> None:
    first = correct_release(correction.ctx, now=correction.tick())
    complete_plan(correction, 14)
    second = correct_release(correction.ctx, now=correction.tick())
    assert second.hashes["plan"] != first.hashes["plan"]
    assert plan_release(correction.ctx, now=correction.tick()) == second


def test_both_are_readable_and_latest_names_the_correction(
    published: World, gate: FakeGate, people: People
) -> None:
    frozen = hash_folder(published.paths.published_dir)
    correction = publish_correction(published.of("2026.1.1"), people, 14)
    assert hash_folder(published.paths.published_dir) == frozen
    assert published.state() is State.CORRECTED and correction.state() is State.PUBLISHED
    public = published.paths.public_dir
    assert json.loads((public / "latest.json").read_text())["release"] == "2026.1.1"
    old = json.loads((public / "2026.1" / "release.json").read_text())
    assert (old["state"], old["corrected_by"]) == ("corrected", "2026.1.1")
    assert old["errata"][0]["text"] == TEXT
    new = json.loads((public / "2026.1.1" / "release.json").read_text())
    assert (new["state"], new["corrects"], new["erratum"]["reason_code"]) == (
        "published",
        "2026.1",
        "our_error",
    )
    page = (public / "2026.1" / "index.html").read_text()
    for words in (*TEXT.values(), "has been corrected", "a été corrigée", "исправлен", "../2026.1.1/"):
        assert words in page
    assert "bundle/site/en/index.html" in page and "bundle/gate.html" in page
    assert "has been corrected" not in (public / "2026.1.1" / "index.html").read_text()
    for release in ("2026.1", "2026.1.1"):
        assert verify_bundle(public / release).problems == ()
    assert (
        json.loads((correction.paths.published_dir / "publication.json").read_text())["predecessor"]
        == "2026.1"
    )


def test_a_correction_of_a_correction_follows_it(published: World, gate: FakeGate, people: People) -> None:
    first = publish_correction(published.of("2026.1.1"), people, 14)
    publish_correction(published.of("2026.1.2"), people, 15, corrects="2026.1.1")
    assert published.state() is State.CORRECTED and first.state() is State.CORRECTED
    old = json.loads((published.paths.public_dir / "2026.1" / "release.json").read_text())
    assert old["corrected_by"] == "2026.1.2" and len(old["errata"]) == 2


def test_an_id_that_is_no_correction(published: World) -> None:
    other = published.of("2026.2")
    words = "2026.2 is not the id of a correction. Write 2026.2.1"
    assert refused(other, lambda: correct_release(other.ctx, now=other.tick()), UsageError, words) == 2


def test_nothing_published_to_correct(signed: World) -> None:
    correction = signed.of("2026.1.1")
    write_erratum(correction)
    words = "No release 2026.1 is published and stands: there is nothing to correct"
    code = refused(correction, lambda: correct_release(correction.ctx, now=signed.now), PolicyError, words)
    assert code == 3


@pytest.mark.parametrize("language", ["en", "fr", "ru"])
@pytest.mark.parametrize("empty", [None, "", "  "])
def test_an_erratum_without_a_language(correction: World, language: str, empty: object) -> None:
    write_erratum(correction, text={**TEXT, language: empty})
    words = f"The erratum has no text in {language}: a correction is told in all three languages"
    act = partial(correct_release, correction.ctx, now=correction.tick())
    assert refused(correction, act, PolicyError, words) == 3


def test_no_erratum_at_all(correction: World) -> None:
    correction.paths.erratum_file.unlink()
    words = "erratum.yaml is missing: a correction says what was wrong"
    act = partial(correct_release, correction.ctx, now=correction.tick())
    assert refused(correction, act, PolicyError, words) == 3


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"corrects": "2025.1"}, "here 2026.1.1 corrects 2026.1"),
        ({"release": "2026.1.2"}, "is of release 2026.1.2"),
        ({"corrects": 2026.1}, "Ids stand in quotes"),
        ({"reason_code": "bad_luck"}, "reason_code: .*is none of source_revision"),
        ({"tables": [], "indicators": []}, "names no table, no indicator and no page"),
        ({"tables": ["rpt_none"]}, "names table rpt_none, which release 2026.1 does not have"),
        ({"indicators": ["Z9"]}, "names indicator Z9"),
        ({"pages": ["nowhere.html"]}, "names page nowhere.html"),
        ({"extra": 1}, "extra"),
    ],
)
def test_an_erratum_is_held_against_what_it_corrects(correction: World, fields: dict, words: str) -> None:
    write_erratum(correction, **fields)
    act = partial(correct_release, correction.ctx, now=correction.tick())
    assert refused(correction, act, UsageError, words) == 2


def test_plan_does_not_begin_a_correction(correction: World) -> None:
    words = "2026.1.1 is a correction. Begin it with: circularity release correct 2026.1.1"
    act = partial(plan_release, correction.ctx, now=correction.tick())
    assert refused(correction, act, UsageError, words) == 2


@pytest.mark.parametrize("predecessor", [None, "2025.1"])
def test_a_correction_is_compared_with_what_it_corrects(
    correction: World, gate: FakeGate, predecessor: str | None
) -> None:
    correct_release(correction.ctx, now=correction.tick())
    plan = yaml.safe_load(correction.paths.plan_file.read_text())
    correction.paths.plan_file.write_text(yaml.safe_dump({**plan, "predecessor": predecessor}))
    if predecessor:  # an older edition that stands; what is in it does not matter here
        shutil.copytree(
            correction.paths.of("2026.1").published_dir, correction.paths.of(predecessor).published_dir
        )
    words = f"names {predecessor or 'no release'} as predecessor.* Write predecessor: '2026.1'"
    assert refused(correction, correction.lock, UsageError, words) == 2


def test_a_published_correction_is_frozen(published: World, gate: FakeGate, people: People) -> None:
    correction = publish_correction(published.of("2026.1.1"), people, 14)
    act = partial(correct_release, correction.ctx, now=correction.tick())
    assert refused(correction, act, PolicyError, "published and therefore frozen") == 3


def test_an_erratum_changed_after_the_gate_voids_the_candidate(
    correction: World, gate: FakeGate, people: People
) -> None:
    correction.approve_licences()
    correct_release(correction.ctx, now=correction.tick())
    complete_plan(correction, 14)
    correction.now = datetime(2026, 1, 14, 8, 0, tzinfo=UTC)
    correction.lock()
    correction.build(value=1.75)
    correction.check()
    correction.candidate()
    correction.sign(people["Ana"])
    correction.sign(people["Boris"])
    correction.now = datetime(2026, 1, 14, 11, 0, tzinfo=UTC)
    assert publish_release(correction.ctx, now=correction.now).exit_code == 0
    for text, words in (
        ({**TEXT, "en": "Another text."}, "a waiver, acceptance, approval or erratum"),
        ({**TEXT, "fr": ""}, "has no text in fr"),
    ):
        write_erratum(correction, text=text)
        assert_refused(correction, 7, 3, words)


def test_a_damaged_banner_is_written_again(published: World, gate: FakeGate, people: People) -> None:
    publish_correction(published.of("2026.1.1"), people, 14)
    page = published.paths.public_dir / "2026.1" / "index.html"
    page.write_text("gone")
    assert not is_current(published.paths)
    report = publish_release(published.ctx, now=published.tick(days=3), execute=True)
    assert report.notes == ("Completed: public pages.",) and "corrected" in page.read_text()
    assert yaml.safe_load(published.paths.plan_file.read_text())["release"] == "2026.1"
