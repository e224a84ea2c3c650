"""The comparison with the predecessor cannot be removed between build, gate and publication."""

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from connectors.errors import CheckError
from orchestration.release.build import COMPLETE_MARK
from orchestration.release.files import hash_folder
from orchestration.release.publish import publish_release
from orchestration.release.withdraw import withdraw_release
from tests.release.conftest import FakeGate, Person, World
from tests.release.outgoing import publish_correction
from tests.release.publishing import assert_refused

People = dict[str, Person]
SECOND_EMBARGO = datetime(2026, 1, 13, 10, 0, tzinfo=UTC)


@pytest.fixture
def built(world: World, gate: FakeGate, people: People) -> World:
    """2026.1 is published, 2026.2 is built and compared with it."""
    world.prepare(people)
    publish_release(world.ctx, now=world.now, execute=True)
    second = world.of("2026.2")
    second.approve_licences()
    second.plan(
        release="2026.2",
        predecessor="2026.1",
        signatories=[people["Ana"].entry(), people["Boris"].entry()],
        embargo={"local": datetime(2026, 1, 13, 10, 0), "zone": "UTC"},
    )
    second.lock()
    second.build(value=9.0, status="off track")
    return second


def finish(second: World, people: People) -> None:
    second.check()
    second.candidate()
    second.sign(people["Ana"])
    second.sign(people["Boris"])
    second.now = SECOND_EMBARGO


def _remove(second: World) -> None:
    shutil.rmtree(second.paths.staging_dir / "compared")


def _replace(second: World) -> None:
    data, compared = (second.paths.staging_dir / name for name in ("data", "compared"))
    shutil.copyfile(data / "rpt_progress.parquet", compared / "rpt_progress.parquet")


@pytest.mark.parametrize("tamper", [_remove, _replace])
def test_a_changed_comparison_stops_the_gate(built: World, tamper: Callable[[World], None]) -> None:
    tamper(built)
    with pytest.raises(CheckError, match="predecessor's tables beside the data"):
        built.check()


def _forge_mark(second: World) -> None:
    """What someone does who knows of the mark: the gate then believes the folder."""
    file = second.paths.staging_dir / COMPLETE_MARK
    mark = json.loads(file.read_text())
    mark["compared_sha256"] = hash_folder(second.paths.staging_dir / "compared")
    file.write_text(json.dumps(mark))


@pytest.mark.parametrize(
    ("tamper", "words"),
    [(_remove, "do not agree on whether there is a predecessor"), (_replace, "not those the lock pins")],
)
def test_publish_makes_the_comparison_again(
    built: World, people: People, tamper: Callable[[World], None], words: str
) -> None:
    tamper(built)
    _forge_mark(built)
    finish(built, people)
    before = hash_folder(built.ctx.root)
    report = publish_release(built.ctx, now=built.now, execute=True)
    assert report.exit_code == 1
    assert words in " ".join(report.lines())
    assert hash_folder(built.ctx.root) == before


def test_a_predecessor_withdrawn_after_the_lock_is_not_compared_with(built: World, people: People) -> None:
    finish(built, people)
    first = built.of("2026.1")
    withdraw_release(first.ctx, now=built.now, reason={"en": "Wrong."}, execute=True)
    assert_refused(built, 3, 3, "The predecessor 2026.1 was withdrawn. State the last standing release")


def test_pages_that_would_tell_what_is_no_longer_so_are_not_published(
    built: World, gate: FakeGate, people: People
) -> None:
    finish(built, people)
    publish_correction(built.of("2026.1.1"), people, built.now.day)
    assert_refused(built, 3, 3, "What became of 2026.1, 2026.1.1 since the lock is not what the pages tell")


def test_an_untouched_comparison_is_published(built: World, people: People) -> None:
    finish(built, people)
    assert publish_release(built.ctx, now=built.now, execute=True).exit_code == 0


def test_tables_of_a_predecessor_nobody_locked_are_refused(
    world: World, gate: FakeGate, people: People
) -> None:
    world.approve_licences()
    world.plan(
        signatories=[people["Ana"].entry(), people["Boris"].entry()],
        embargo={"local": datetime(2026, 1, 12, 10, 0), "zone": "Europe/Zurich"},
    )
    world.lock()
    world.build()
    shutil.copytree(world.paths.staging_dir / "data", world.paths.staging_dir / "compared")
    _forge_mark(world)
    finish(world, people)
    assert_refused(world, 3, 1, "The lock names no predecessor")
