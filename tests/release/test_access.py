"""Access before the embargo: only who stands in the plan's list, only the signed candidate, and on record."""

import json
from datetime import UTC, datetime
from functools import partial

import pytest

from connectors.errors import CheckError, PolicyError
from orchestration.release import access
from orchestration.release.access import grant_access, read_access, say_access
from orchestration.release.files import hash_folder
from orchestration.release.publish import publish_release
from orchestration.release.state import State
from tests.release.conftest import FakeGate, Person, World
from tests.release.outgoing import refused

People = dict[str, Person]
LISTED = ["Press office", "Office of the Executive Secretary"]


@pytest.fixture
def signed(world: World, gate: FakeGate, people: People) -> World:
    """A signed release whose embargo ends an hour later."""
    world.prepare(people, pre_release_access=LISTED)
    world.now = datetime(2026, 1, 12, 8, 0, tzinfo=UTC)
    return world


def test_who_got_the_candidate_when_is_on_record(signed: World) -> None:
    done = grant_access(signed.ctx, to="press  OFFICE", now=signed.now)
    grant_access(signed.ctx, to=LISTED[1], now=signed.tick())
    assert done.state is State.SIGNED and done.history[-1].note == "given to Press office"
    first, second = read_access(signed.paths.access_file)
    assert (first.to, first.by, first.at) == ("Press office", "Ana", datetime(2026, 1, 12, 8, 0, tzinfo=UTC))
    assert second.to == LISTED[1] and second.candidate_sha256 == done.hashes["candidate"]
    assert signed.state() is State.SIGNED


def test_the_same_again_changes_nothing(signed: World) -> None:
    grant_access(signed.ctx, to="Press office", now=signed.now)
    grant_access(signed.ctx, to=LISTED[1], now=signed.tick())
    before = hash_folder(signed.ctx.root)
    again = grant_access(signed.ctx, to="press office", now=signed.tick())
    assert say_access(again, "press  office") == "given to Press office"  # not the last one's
    assert hash_folder(signed.ctx.root) == before


def test_the_log_is_not_published(signed: World) -> None:
    grant_access(signed.ctx, to="Press office", now=signed.now)
    signed.now = datetime(2026, 1, 12, 9, 0, tzinfo=UTC)
    assert publish_release(signed.ctx, now=signed.now, execute=True).exit_code == 0
    assert not list(signed.paths.all_published_dir.rglob("access*"))
    assert not list(signed.paths.public_dir.rglob("access*"))


def test_somebody_who_is_not_in_the_list(signed: World) -> None:
    words = "The plan gives The Daily no access before the embargo; it names Press office, Office of"
    act = partial(grant_access, signed.ctx, to="The Daily", now=signed.now)
    assert refused(signed, act, PolicyError, words) == 3


def test_an_empty_list_gives_nobody_access(world: World, gate: FakeGate, people: People) -> None:
    world.prepare(people)
    act = partial(grant_access, world.ctx, to="Press office", now=world.now)
    assert refused(world, act, PolicyError, "it names nobody") == 3


def test_a_candidate_that_is_not_signed(world: World, gate: FakeGate, people: People) -> None:
    world.prepare(people, signed=False, pre_release_access=LISTED)
    act = partial(grant_access, world.ctx, to="Press office", now=world.now)
    assert refused(world, act, PolicyError, "is candidate: access cannot follow") == 3


@pytest.mark.parametrize(("second", "is_refused"), [(59, False), (0, True)])
def test_access_ends_with_the_embargo(signed: World, second: int, is_refused: bool) -> None:
    minute = 0 if is_refused else 59
    now = datetime(2026, 1, 12, 9 - (not is_refused), minute, second, tzinfo=UTC)
    act = partial(grant_access, signed.ctx, to="Press office", now=now)
    if is_refused:
        assert (
            refused(signed, act, PolicyError, "The embargo ended at 2026-01-12 10:00:00 Europe/Zurich") == 3
        )
    else:
        assert act().hashes["access"]


def test_a_release_without_an_embargo(world: World, gate: FakeGate, people: People) -> None:
    world.approve_licences()
    world.plan(
        signatories=[people["Ana"].entry(), people["Boris"].entry()],
        pre_release_access=LISTED,
    )
    world.lock()
    world.build()
    world.check()
    world.candidate()
    world.sign(people["Ana"])
    world.sign(people["Boris"])
    act = partial(grant_access, world.ctx, to="Press office", now=world.now)
    assert refused(world, act, PolicyError, "The plan states no embargo") == 3


@pytest.mark.parametrize(
    "content", [b"", b"{}\n", b"not json\n", None], ids=["emptied", "other", "text", "spaced"]
)
def test_a_log_that_lost_or_changed_a_line(signed: World, content: bytes | None) -> None:
    grant_access(signed.ctx, to="Press office", now=signed.now)
    log = signed.paths.access_file
    log.write_bytes(log.read_bytes().replace(b",", b", ") if content is None else content)
    act = partial(grant_access, signed.ctx, to=LISTED[1], now=signed.now)
    assert refused(signed, act, CheckError, "Restore it from a backup") == 1


def test_a_line_written_before_a_crash_is_recorded_by_the_next_call(
    signed: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def kill(*args: object, **fields: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(access, "record", kill)
        with pytest.raises(Killed):
            grant_access(signed.ctx, to="Press office", now=signed.now)
    done = grant_access(signed.ctx, to="Press office", now=signed.tick())
    assert len(read_access(signed.paths.access_file)) == 1 and done.hashes["access"]
    events = json.loads(signed.paths.state_file.read_text())["history"]
    assert [event["verb"] for event in events].count("access") == 1
