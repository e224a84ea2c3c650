"""The act of publishing: whole or not at all, finished by the next run, repaired and never rewritten."""

import json
import shutil
from datetime import UTC, datetime, timedelta

import pytest

from connectors.errors import CheckError, PolicyError, StoreError
from connectors.locks import process_start
from orchestration.release import publish
from orchestration.release.context import ReleaseContext
from orchestration.release.files import hash_folder
from orchestration.release.lock import lock_release
from orchestration.release.publish import publish_release
from orchestration.release.state import State
from tests.faults.matrix import fault
from tests.release.conftest import CLEAN, FakeGate, Person, World
from tests.release.publishing import assert_refused

People = dict[str, Person]


def test_an_id_published_under_another_hash(signed: World) -> None:
    publish_release(signed.ctx, now=signed.now, execute=True)
    state = json.loads(signed.paths.state_file.read_text())
    state["hashes"]["candidate"] = "0" * 64
    signed.paths.state_file.write_text(json.dumps(state))
    assert_refused(signed, 1, 3, "The id is already published under another hash")


def test_a_published_id_is_frozen(signed: World) -> None:
    publish_release(signed.ctx, now=signed.now, execute=True)
    for verb in (signed.lock, signed.build, signed.check, signed.candidate):
        with pytest.raises(PolicyError, match="published and therefore frozen"):
            verb()


def test_no_space_changes_nothing(signed: World, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = type("Usage", (), {"free": 10})
    monkeypatch.setattr("shutil.disk_usage", lambda path: usage)
    assert_refused(signed, 12, 5, "The disk has 10 bytes free")


def test_a_disk_that_fails_while_copying_changes_nothing(
    signed: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise OSError(28, "No space left on device")

    before = hash_folder(signed.ctx.root)
    monkeypatch.setattr("shutil.copytree", fail)
    report = publish_release(signed.ctx, now=signed.now, execute=True)
    assert report.exit_code == 5 and "The disk is full" in report.lines()[1]
    assert hash_folder(signed.ctx.root) == before


def _lock_file(world: World, **fields: object) -> None:
    owner = {
        "actor": "Boris",
        "host": __import__("socket").gethostname(),
        "pid": 1,
        "process_start": process_start(1),
        "since": "2026-01-12T08:00:00Z",
        **fields,
    }
    world.paths.publish_lock_file.write_text(json.dumps(owner))


@fault("O06", "Boris (process 1 on")
def test_a_living_publisher_is_waited_for(signed: World) -> None:
    _lock_file(signed)
    assert_refused(signed, 12, 5, "Boris (process 1 on")


@pytest.mark.parametrize("fields", [{"pid": 2**22 + 1}, {"process_start": "1 before this process"}])
@fault("O08", "taken over")
def test_the_lock_of_a_dead_process_is_taken_over(signed: World, fields: dict) -> None:
    _lock_file(signed, **fields)
    report = publish_release(signed.ctx, now=signed.now, execute=True)
    assert report.exit_code == 0 and "taken over" in " ".join(report.lines())


def test_a_lock_of_another_host_proves_nothing(signed: World) -> None:
    _lock_file(signed, host="elsewhere", pid=2**22 + 1)
    assert_refused(signed, 12, 5, "on elsewhere")


@pytest.mark.parametrize("step", range(5), ids=["stage", "move", "freeze", "latest", "state"])
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_publication_killed_at_any_step_is_finished_by_the_next_run(
    signed: World, monkeypatch: pytest.MonkeyPatch, step: int, moment: str
) -> None:
    class Killed(BaseException):
        pass

    def kill(act: object) -> None:
        raise Killed

    steps = publish._STEPS
    done = steps[: step + (moment == "after")]
    monkeypatch.setattr(publish, "_STEPS", (*done, kill))
    with pytest.raises(Killed):
        publish_release(signed.ctx, now=signed.now, execute=True)
    monkeypatch.setattr(publish, "_STEPS", steps)
    assert signed.paths.published_dir.exists() == (len(done) >= 2)
    later = signed.now + timedelta(hours=1)
    assert publish_release(signed.ctx, now=later).exit_code == 0
    report = publish_release(signed.ctx, now=later, execute=True)
    assert report.exit_code == 0
    assert report.was_published == (len(done) >= 2)
    if report.was_published:
        assert ("Nothing was left to do." in report.notes) == (len(done) == 5)
    assert signed.state() is State.PUBLISHED
    assert json.loads(signed.paths.latest_file.read_text())["release"] == "2026.1"
    folder = signed.paths.published_dir
    assert not any(p.stat().st_mode & 0o222 for p in [folder, *folder.rglob("*")])
    assert [p.name for p in signed.paths.all_published_dir.iterdir()] == ["2026.1"]


def test_a_damaged_latest_is_repaired_and_a_damaged_release_is_not(signed: World) -> None:
    publish_release(signed.ctx, now=signed.now, execute=True)
    signed.paths.latest_file.write_text("{}")
    report = publish_release(signed.ctx, now=signed.now, execute=True)
    assert report.notes == ("Completed: public pages.",)
    file = signed.paths.published_dir / "bundle" / "LICENSES.md"
    file.chmod(0o644)
    file.write_text("Other terms\n")
    assert_refused(signed, 2, 1, "The published release is damaged: LICENSES.md")


@pytest.mark.parametrize("name", ["2025.1-old", "2025.1"])
def test_a_record_that_cannot_be_read_is_told_before_the_rename(signed: World, name: str) -> None:
    stray = signed.paths.all_published_dir / name
    stray.mkdir(parents=True)
    (stray / "publication.json").write_text("{}")
    assert_refused(signed, 3, 5, "2025.1")
    assert not signed.paths.published_dir.exists()
    shutil.rmtree(stray)
    assert publish_release(signed.ctx, now=signed.now, execute=True).exit_code == 0


def test_what_could_not_be_shown_is_told_before_the_rename(
    signed: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object) -> None:
        raise CheckError("The calendar cannot be made.")

    with monkeypatch.context() as patch:
        patch.setattr("orchestration.release.public.outlet.render_ics", fail)
        assert_refused(signed, 12, 5, "The calendar cannot be made.")
    assert not signed.paths.published_dir.exists()
    assert publish_release(signed.ctx, now=signed.now, execute=True).exit_code == 0


def test_a_repeat_that_fails_does_not_say_that_nothing_was_published(signed: World) -> None:
    publish_release(signed.ctx, now=signed.now, execute=True)
    page = signed.paths.public_dir / "2026.1" / "index.html"
    page.unlink()
    page.mkdir()
    report = publish_release(signed.ctx, now=signed.now, execute=True)
    page.rmdir()
    assert report.exit_code == 5 and report.is_executed and report.was_published
    assert report.lines()[0] == "Release 2026.1 is published; what comes after could not be finished:"
    assert publish_release(signed.ctx, now=signed.now, execute=True).notes == ("Completed: public pages.",)


def test_latest_never_points_back(signed: World, gate: FakeGate, people: People) -> None:
    publish_release(signed.ctx, now=signed.now, execute=True)
    second = signed.of("2026.2")
    second.approve_licences()
    second.plan(
        release="2026.2",
        predecessor="2026.1",
        signatories=[people["Ana"].entry(), people["Boris"].entry()],
        embargo={"local": datetime(2026, 1, 13, 10, 0), "zone": "UTC"},
    )
    second.lock()
    second.build(value=9.0, status="off track")
    second.check()
    second.candidate()
    second.sign(people["Ana"])
    second.sign(people["Boris"])
    second.now = datetime(2026, 1, 13, 10, 0, tzinfo=UTC)
    assert publish_release(second.ctx, now=second.now, execute=True).exit_code == 0
    assert json.loads(signed.paths.latest_file.read_text())["release"] == "2026.2"
    assert "Nothing was left to do." in publish_release(signed.ctx, now=second.now, execute=True).notes
    assert json.loads(signed.paths.latest_file.read_text())["release"] == "2026.2"


def test_a_damaged_predecessor_stops_the_lock(signed: World, people: People) -> None:
    publish_release(signed.ctx, now=signed.now, execute=True)
    second = signed.of("2026.2")
    second.plan(release="2026.2", predecessor="2026.1")
    file = signed.paths.published_dir / "bundle" / "data" / "rpt_target.parquet"
    file.chmod(0o644)
    file.write_bytes(file.read_bytes() + b"x")
    with pytest.raises(StoreError, match="predecessor 2026.1 is damaged"):
        lock_release(second.ctx, now=second.tick())


def test_a_predecessor_of_real_data_must_be_published(signed: World) -> None:
    second = signed.of("2026.2")
    second.plan(release="2026.2", predecessor="2026.1")
    with pytest.raises(PolicyError, match="2026.1 of 2026.2 is not published here"):
        lock_release(second.ctx, now=second.tick())


def test_code_identity_is_part_of_the_context(signed: World) -> None:
    assert isinstance(signed.ctx, ReleaseContext) and signed.ctx.code == CLEAN
