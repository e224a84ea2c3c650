"""A withdrawal: a tombstone at every address, the checksums kept, `latest` on what still stands."""

import json
from datetime import UTC, datetime, timedelta
from functools import partial
from urllib.parse import urljoin

import pytest

from connectors.errors import PolicyError, StoreError, UsageError
from orchestration.release import withdraw
from orchestration.release.files import hash_folder
from orchestration.release.lock import lock_release
from orchestration.release.plan import plan_release
from orchestration.release.plan_model import read_plan
from orchestration.release.process_lock import hold_lock
from orchestration.release.public.outlet import is_current
from orchestration.release.state import State
from orchestration.release.withdraw import WithdrawReport, withdraw_release
from tests.release.conftest import FakeGate, Person, World
from tests.release.outgoing import TEXT, publish, publish_correction, refused
from tests.release.publishing import assert_refused

People = dict[str, Person]
ESCAPED = "Reason: Wrong &lt;&amp;&gt; bad."
REASON = {"en": "The figures of one country were exchanged."}


@pytest.fixture
def published(signed: World) -> World:
    return publish(signed)


@pytest.fixture
def both(published: World, gate: FakeGate, people: People) -> tuple[World, World]:
    """2026.1 and its correction 2026.1.1, both published."""
    return published, publish_correction(published.of("2026.1.1"), people, 14)


def take_back(world: World, execute: bool = True, **reason: str) -> WithdrawReport:
    now = world.tick(days=30)
    return withdraw_release(world.ctx, now=now, reason=reason or REASON, execute=execute)


def test_a_dry_run_changes_nothing(published: World) -> None:
    before = hash_folder(published.ctx.root)
    report = take_back(published, execute=False)
    assert "This was a dry run; add --execute" in report.lines()[0]
    assert "No release stands now" in report.lines()[0]
    assert hash_folder(published.ctx.root) == before and published.state() is State.PUBLISHED


def test_every_address_answers_and_no_figure_is_left(published: World) -> None:
    public, bundle = published.paths.public_dir, published.paths.published_dir / "bundle"
    addresses = {p.relative_to(bundle) for p in bundle.rglob("*") if p.is_file()}
    assert (public / "2026.1" / "bundle" / "data" / "rpt_observation.parquet").is_file()
    frozen = hash_folder(published.paths.published_dir)
    report = take_back(published, en="Wrong <&> bad.", fr="Faux.", ru="Неверно.")
    assert report.is_executed and report.latest is None
    assert hash_folder(published.paths.published_dir) == frozen
    shown = public / "2026.1" / "bundle"
    assert {p.relative_to(shown) for p in shown.rglob("*") if p.is_file()} == addresses
    for address in addresses - {p for p in addresses if p.name == "SHA256SUMS"}:
        assert "was withdrawn on 11 February 2026" in (shown / address).read_text()
        assert (ESCAPED if address.suffix == ".html" else "Wrong <&> bad.") in (shown / address).read_text()
    deep = (shown / "site" / "en" / "index.html").read_text()
    assert '<a href="../../../../latest/">' in deep and '<a href="../../../bundle/SHA256SUMS">' in deep
    assert urljoin("/2026.1/bundle/site/en/index.html", "../../../../latest/") == "/latest/"
    assert (shown / "SHA256SUMS").read_bytes() == (bundle / "SHA256SUMS").read_bytes()
    page = (public / "2026.1" / "index.html").read_text()
    for words in (
        ESCAPED,
        "Motif : Faux.",
        "Причина: Неверно.",
        "retirée le 11 février 2026",
    ):
        assert words in page
    assert "only" not in page
    notice = json.loads((public / "2026.1" / "release.json").read_text())
    assert notice["state"] == "withdrawn" and notice["withdrawal"]["reason"]["ru"] == "Неверно."
    assert notice["withdrawal"]["withdrawn_at"] == "2026-02-11T09:00:00Z"
    assert published.state() is State.WITHDRAWN


def test_a_reason_in_english_alone_says_so(published: World) -> None:
    take_back(published)
    page = (published.paths.public_dir / "2026.1" / "index.html").read_text()
    assert page.count(f'<p class="refused" lang="en">{REASON["en"]}</p>') == 2
    assert "Le motif n’est donné qu’en anglais" in page and "только на английском" in page


def test_the_publication_log_tells_it(published: World) -> None:
    take_back(published)
    lines = [json.loads(line) for line in published.paths.journal_file.read_text().splitlines()]
    assert [line["step"] for line in lines][-5:] == [
        "tombstone written",
        f"withdrawn: {REASON['en']}",
        "tombstone made read-only",
        "public pages say withdrawn",
        "recorded",
    ]
    assert lines[-1]["actor"] == "Ana" and lines[-1]["at"] == "2026-02-11T09:00:00Z"


def test_a_second_call_leaves_all_as_it_is(published: World) -> None:
    take_back(published)
    before = hash_folder(published.ctx.root)
    report = take_back(published, en="Another reason.")
    assert report.lines() == ["Release 2026.1 is already withdrawn.", "Nothing was left to do."]
    assert hash_folder(published.ctx.root) == before


def test_latest_falls_back_to_the_corrected_release(both: tuple[World, World]) -> None:
    old, correction = both
    assert old.state() is State.CORRECTED
    report = take_back(correction)
    assert report.latest == "2026.1"
    assert old.state() is State.PUBLISHED and correction.state() is State.WITHDRAWN
    assert json.loads(old.paths.latest_file.read_text())["release"] == "2026.1"
    page = (old.paths.public_dir / "2026.1" / "index.html").read_text()
    assert "has been corrected" not in page


def test_the_erratum_of_a_withdrawn_correction_still_holds(both: tuple[World, World]) -> None:
    old, correction = both
    dry = take_back(correction, execute=False)
    report = take_back(correction)
    assert report.notes == dry.notes
    assert report.lines()[2].startswith(
        "Then release 2026.1 stands again, and the erratum of 2026.1.1 still holds for it"
    )
    page = (old.paths.public_dir / "2026.1" / "index.html").read_text()
    for words in (*TEXT.values(), "2026.1.1 was withdrawn", "2026.1.1 a été retirée", "2026.1.1 отозвано"):
        assert words in page
    assert '<a href="../2026.1.1/">' not in page
    notice = json.loads((old.paths.public_dir / "2026.1" / "release.json").read_text())
    assert (notice["state"], notice["corrected_by"]) == ("published", None)
    assert [erratum["text"] for erratum in notice["errata"]] == [TEXT]


def test_a_release_without_its_record_is_neither_withdrawn_nor_called_whole(published: World) -> None:
    folder = published.paths.published_dir
    folder.chmod(0o755)
    (folder / "publication.json").unlink()
    act = partial(withdraw_release, published.ctx, now=published.now, reason=REASON)
    assert refused(published, act, StoreError, "publication.json of the published release 2026.1 is") == 5
    assert_refused(published, 2, 1, "The published release is damaged: publication.json is missing")


def test_what_could_not_be_shown_is_told_before_the_withdrawal(published: World) -> None:
    stray = published.paths.all_published_dir / "2025.1-old"
    stray.mkdir()
    (stray / "publication.json").write_text("{}")
    act = partial(withdraw_release, published.ctx, now=published.now, reason=REASON, execute=True)
    assert refused(published, act, StoreError, "'2025.1-old' is not a release id") == 5


def test_a_corrected_release_may_be_withdrawn_too(both: tuple[World, World]) -> None:
    old, correction = both
    old.now = correction.now
    assert take_back(old).latest == "2026.1.1"
    assert old.state() is State.WITHDRAWN and correction.state() is State.PUBLISHED
    page = (old.paths.public_dir / "2026.1" / "index.html").read_text()
    assert TEXT["en"] not in page and '<a href="../2026.1.1/">' in page


@pytest.mark.parametrize("reason", [{}, {"en": ""}, {"en": " \n"}, {"fr": "Faux."}])
@pytest.mark.parametrize("execute", [False, True])
def test_a_withdrawal_without_a_reason(published: World, reason: dict, execute: bool) -> None:
    act = partial(withdraw_release, published.ctx, now=published.tick(), reason=reason, execute=execute)
    assert refused(published, act, PolicyError, "needs a reason for its readers. Say why with --reason") == 3


def test_what_was_never_published_or_planned(signed: World) -> None:
    act = partial(withdraw_release, signed.ctx, now=signed.tick(), reason=REASON, execute=True)
    assert refused(signed, act, PolicyError, "is signed and not published: there is nothing to withdraw") == 3
    other = signed.of("2026.2")
    act = partial(withdraw_release, other.ctx, now=signed.tick(), reason=REASON, execute=True)
    assert refused(signed, act, UsageError, "Release 2026.2 is not planned here") == 2


def test_a_clock_behind_the_publication(published: World) -> None:
    before = published.now - timedelta(seconds=1)
    act = partial(withdraw_release, published.ctx, now=before, reason=REASON, execute=True)
    assert refused(published, act, PolicyError, "The clock says .* the time of its publication") == 3


def test_another_process_that_publishes_is_waited_for(published: World) -> None:
    with hold_lock(published.paths.publish_lock_file, "Boris", published.now):
        act = partial(withdraw_release, published.ctx, now=published.now, reason=REASON, execute=True)
        assert refused(published, act, StoreError, "Boris") == 5


def test_a_full_disk_changes_nothing(published: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(withdraw, "sync_tree", fail)
    act = partial(withdraw_release, published.ctx, now=published.now, reason=REASON, execute=True)
    with pytest.raises(StoreError, match="The disk is full"):
        act()
    assert published.state() is State.PUBLISHED and not published.paths.withdrawn_dir.exists()
    assert (published.paths.public_dir / "2026.1" / "bundle" / "LICENSES.md").read_text() == "Terms\n"
    monkeypatch.undo()
    assert act().is_executed


def test_a_withdrawn_release_is_never_published_again(published: World) -> None:
    take_back(published)
    published.tick()
    assert_refused(published, 1, 3, "The release was withdrawn and is never published again")
    with pytest.raises(PolicyError, match="published and therefore frozen"):
        lock_release(published.ctx, now=published.tick())


def test_the_next_release_is_not_compared_with_a_withdrawn_one(
    published: World, gate: FakeGate, people: People
) -> None:
    take_back(published)
    second = published.of("2026.2")
    second.plan(release="2026.2", predecessor="2026.1")
    with pytest.raises(PolicyError, match=r"predecessor 2026\.1 of 2026\.2 was withdrawn") as caught:
        second.lock()
    assert caught.value.exit_code == 3
    third = published.of("2026.3")
    third.paths.decisions_dir.mkdir()
    plan_release(third.ctx, now=third.tick())
    assert read_plan(third.paths.plan_file).predecessor is None


@pytest.mark.parametrize("step", range(5), ids=["stage", "move", "freeze", "public", "state"])
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_withdrawal_killed_at_any_step_is_finished_by_the_next_call(
    published: World, monkeypatch: pytest.MonkeyPatch, step: int, moment: str
) -> None:
    class Killed(BaseException):
        pass

    def kill(act: object) -> None:
        raise Killed

    done = withdraw._STEPS[: step + (moment == "after")]
    with monkeypatch.context() as patch:
        patch.setattr(withdraw, "_STEPS", (*done, kill))
        with pytest.raises(Killed):
            take_back(published)
    assert published.paths.withdrawn_dir.exists() == (len(done) >= 2)
    shown = published.paths.public_dir / "2026.1" / "bundle" / "LICENSES.md"
    assert shown.is_file()
    report = take_back(published)
    assert report.was_withdrawn == (len(done) >= 2)
    if report.was_withdrawn:
        assert ("Nothing was left to do." in report.notes) == (len(done) == 5)
    assert published.state() is State.WITHDRAWN and is_current(published.paths)
    assert "withdrawn" in shown.read_text()
    folder = published.paths.withdrawn_dir
    assert not any(p.stat().st_mode & 0o222 for p in [folder, *folder.rglob("*")])
    assert [p.name for p in folder.parent.iterdir()] == ["2026.1"]
    assert published.now > datetime(2026, 2, 1, tzinfo=UTC)
