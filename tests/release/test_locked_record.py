"""What the pages of a release tell of other releases is pinned by its lock, and so is its own erratum."""

import pytest

from orchestration.release.correct import correct_release
from orchestration.release.lock_model import read_lock
from orchestration.release.withdraw import withdraw_release
from tests.release.conftest import FakeGate, Person, World
from tests.release.outgoing import TEXT, complete_plan, publish, publish_correction, write_erratum
from tests.release.publishing import assert_refused

People = dict[str, Person]


@pytest.fixture
def published(signed: World) -> World:
    return publish(signed)


def test_a_first_release_knows_none(signed: World) -> None:
    lock = read_lock(signed.paths.lock_file)
    assert (lock.earlier, lock.erratum) == ((), None)


def test_a_correction_pins_its_erratum_and_what_it_corrects(
    published: World, gate: FakeGate, people: People
) -> None:
    correction = publish_correction(published.of("2026.1.1"), people, 14)
    lock = read_lock(correction.paths.lock_file)
    assert lock.erratum is not None and lock.erratum.text.model_dump() == TEXT
    (before,) = lock.earlier
    assert (before.release, before.state, before.erratum) == ("2026.1", "published", None)
    assert str(before.issued) == "2026-01-12"


def test_a_later_release_pins_what_became_of_those_before(
    published: World, gate: FakeGate, people: People
) -> None:
    correction = publish_correction(published.of("2026.1.1"), people, 14)
    said = {"en": "A source took its data back."}
    withdraw_release(published.ctx, now=correction.tick(), reason=said, execute=True)
    later = correction.of("2026.2")
    later.plan(predecessor="2026.1.1")
    later.lock()
    first, second = read_lock(later.paths.lock_file).earlier
    assert (first.state, first.reason, first.erratum) == ("withdrawn", said, None)
    assert (second.state, second.reason) == ("published", None)
    assert second.erratum is not None and second.erratum.corrects == "2026.1"


def test_an_erratum_changed_after_the_lock_is_refused(
    published: World, gate: FakeGate, people: People
) -> None:
    correction = published.of("2026.1.1")
    write_erratum(correction)
    correction.approve_licences()
    correct_release(correction.ctx, now=correction.tick())
    complete_plan(correction, 12)
    correction.lock()
    write_erratum(correction, text={**TEXT, "en": "Another column was shifted."})
    correction.build(value=1.75)
    correction.check()
    correction.candidate()
    correction.sign(people["Ana"])
    correction.sign(people["Boris"])
    assert_refused(correction, 7, 3, "erratum.yaml is not what the lock pins and the pages print")
