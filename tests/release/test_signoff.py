"""Sign-off: two people, two keys, one candidate, and a chain nobody can edit unseen."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from connectors.errors import CheckError, PolicyError, StoreError, UsageError
from orchestration.release import signoff
from orchestration.release.code_identity import CodeIdentity
from orchestration.release.files import hash_folder
from orchestration.release.process_lock import hold_lock
from orchestration.release.signoff_chain import read_chain
from orchestration.release.ssh import sign_bytes
from orchestration.release.state import State, load_state
from tests.faults.matrix import fault
from tests.release.conftest import FakeGate, Person, World

People = dict[str, Person]


@pytest.fixture
def ready(world: World, gate: FakeGate, people: People) -> World:
    return world.prepare(people, signed=False)


def test_two_people_with_their_own_keys_make_the_release_signed(ready: World, people: People) -> None:
    ready.sign(people["Ana"], note="looked at every status")
    assert ready.state() is State.CANDIDATE
    ready.sign(people["Boris"])
    assert ready.state() is State.SIGNED
    chain = read_chain(ready.paths.signoff_file, "2026.1")
    assert [(s.sequence, s.role, s.decision) for s in chain.lines] == [
        (1, "statistician", "approve"),
        (2, "secretariat", "approve"),
    ]
    assert chain.fault is None and chain.lines[0].note == "looked at every status"


def test_a_role_nobody_has_is_wrong_usage(ready: World, people: People) -> None:
    with pytest.raises(UsageError, match="as statistician or as secretariat"):
        ready.sign(people["Ana"], role="director")


def test_someone_not_in_the_plan_may_not_sign(ready: World, people: People) -> None:
    with pytest.raises(PolicyError, match="does not name Mallory as secretariat") as caught:
        ready.sign(people["Mallory"])
    assert caught.value.exit_code == 3
    assert not ready.paths.signoff_file.exists()


@fault("H18", "not the one the plan gives for {name}")
def test_a_name_of_the_plan_with_another_key_may_not_sign(ready: World, people: People) -> None:
    with pytest.raises(PolicyError, match="not the one the plan gives for Boris"):
        ready.sign(people["Boris"], key=people["Mallory"].key)
    assert not ready.paths.signoff_file.exists()


def test_the_same_person_signs_once(ready: World, people: People) -> None:
    ready.sign(people["Ana"])
    with pytest.raises(PolicyError, match="already signed"):
        ready.sign(people["Ana"])
    with pytest.raises(PolicyError, match="does not name Ana as secretariat"):
        ready.sign(people["Ana"], role="secretariat")


def test_whoever_built_may_sign_as_statistician_only(world: World, gate: FakeGate, people: People) -> None:
    world.ctx = replace(world.ctx, actor="boris")
    world.prepare(people, signed=False)
    with pytest.raises(PolicyError, match="built this candidate"):
        world.sign(people["Boris"])
    world.sign(people["Ana"])


def test_a_refusal_is_recorded_and_stands_until_its_author_approves(ready: World, people: People) -> None:
    ready.sign(people["Ana"])
    ready.sign(people["Boris"], decision="refuse", note="table 3 is wrong")
    assert ready.state() is State.CANDIDATE
    assert "Boris as secretariat: refuse" in load_state(ready.paths).history[-1].note
    ready.sign(people["Boris"])
    assert ready.state() is State.SIGNED
    ready.sign(people["Ana"], decision="refuse")
    assert ready.state() is State.CANDIDATE


def test_nothing_is_signed_if_the_candidate_differs(ready: World, people: People) -> None:
    (ready.paths.bundle_dir / "LICENSES.md").write_text("Other terms\n")
    with pytest.raises(CheckError, match="LICENSES.md has changed"):
        ready.sign(people["Ana"])


def test_a_changed_decision_returns_the_release_to_built_and_voids_signatures(
    ready: World, people: People
) -> None:
    ready.sign(people["Ana"])
    licences = ready.paths.decisions_dir / "licences.yaml"
    licences.write_text(licences.read_text().replace("by: Ana", "by: Boris"))
    with pytest.raises(PolicyError, match="back at built: changed since it was judged: a waiver"):
        ready.sign(people["Boris"])
    assert ready.state() is State.BUILT
    assert "candidate" not in load_state(ready.paths).hashes
    assert len(read_chain(ready.paths.signoff_file, "2026.1").lines) == 1


def test_a_new_lock_voids_signatures_but_keeps_them_readable(ready: World, people: People) -> None:
    ready.sign(people["Ana"])
    ready.sign(people["Boris"])
    plan = ready.paths.plan_file
    plan.write_text(plan.read_text().replace("An invented release", "A better title"))
    ready.lock()
    ready.build()
    ready.check()
    ready.candidate()
    assert ready.state() is State.CANDIDATE
    ready.sign(people["Boris"])
    assert ready.state() is State.CANDIDATE
    assert len(read_chain(ready.paths.signoff_file, "2026.1").lines) == 3


def test_every_verb_again_on_unchanged_inputs_keeps_the_signatures(ready: World, people: People) -> None:
    ready.sign(people["Ana"])
    ready.sign(people["Boris"])
    before = ready.paths.state_file.read_bytes()
    ready.lock()
    ready.build()
    ready.check()
    ready.candidate()
    assert ready.paths.state_file.read_bytes() == before
    assert ready.state() is State.SIGNED


@fault("H18", "chain is broken")
@pytest.mark.parametrize(
    "tamper",
    [
        lambda lines: [lines[0].replace(b'"note":""', b'"note":"x"'), lines[1]],
        lambda lines: [lines[1]],
        lambda lines: [lines[1], lines[0]],
        lambda lines: [lines[0], lines[0], lines[1]],
        lambda lines: [lines[0].replace(b",", b", ", 1), lines[1]],
        lambda lines: lines[:1],
        lambda lines: [b"\n", *lines],
        lambda lines: [],
    ],
    ids=["edited", "first lost", "swapped", "doubled", "reformatted", "last lost", "blank line", "emptied"],
)
def test_a_tampered_chain_is_found(ready: World, people: People, tamper: object) -> None:
    ready.sign(people["Ana"])
    ready.sign(people["Boris"], decision="refuse")
    lines = ready.paths.signoff_file.read_bytes().splitlines(keepends=True)
    ready.paths.signoff_file.write_bytes(b"".join(tamper(lines)))
    with pytest.raises(CheckError, match="chain is broken"):
        ready.sign(people["Boris"])


def test_a_line_written_before_a_crash_is_recorded_by_the_next_call(ready: World, people: People) -> None:
    ready.sign(people["Ana"])
    before = ready.paths.state_file.read_bytes()
    ready.sign(people["Boris"])
    ready.paths.state_file.write_bytes(before)
    ready.sign(people["Boris"])
    assert ready.state() is State.SIGNED
    assert len(read_chain(ready.paths.signoff_file, "2026.1").lines) == 2


def test_history_names_verb_person_code_and_hashes(ready: World) -> None:
    history = json.loads(ready.paths.state_file.read_text())["history"]
    assert [event["verb"] for event in history] == ["plan", "lock", "build", "check", "candidate"]
    assert history[2]["actor"] == "Ana" and history[2]["code"] == "a" * 40
    assert set(history[3]["hashes"]) == {"lock", "code", "data", "decisions", "gate"}


def _change_a_decision(world: World) -> None:
    licences = world.paths.decisions_dir / "licences.yaml"
    licences.write_text(licences.read_text().replace("by: Ana", "by: Boris"))


def test_a_call_refused_for_its_person_key_or_code_changes_nothing(ready: World, people: People) -> None:
    """The candidate could be voided now, but not by somebody who may not sign it."""
    _change_a_decision(ready)
    before = hash_folder(ready.ctx.root)
    other_code = replace(ready.ctx, code=CodeIdentity(commit="b" * 40, dirty=False))
    wrong: list[tuple[World, Person, dict]] = [
        (ready, people["Mallory"], {}),
        (ready, people["Boris"], {"role": "director"}),
        (ready, people["Boris"], {"key": people["Mallory"].key}),
        (replace(ready, ctx=other_code), people["Boris"], {}),
    ]
    for world, person, fields in wrong:
        with pytest.raises((PolicyError, UsageError)):
            world.sign(person, **fields)
        assert hash_folder(ready.ctx.root) == before
    with pytest.raises(PolicyError, match="back at built"):
        ready.sign(people["Boris"])


def test_two_people_who_sign_at_once_lose_no_line(
    ready: World, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While Ana's key is at work Boris signs: he is told to wait, and his repeated call follows her line."""
    told = []

    def sign_slowly(content: bytes, key: Path) -> str:
        if key == people["Ana"].key:
            monkeypatch.setattr(signoff, "sign_bytes", sign_bytes)
            with pytest.raises(StoreError, match="Ana .* has been changing release 2026.1") as caught:
                ready.sign(people["Boris"])
            told.append(caught.value)
        return sign_bytes(content, key)

    monkeypatch.setattr(signoff, "sign_bytes", sign_slowly)
    ready.sign(people["Ana"])
    ready.sign(people["Boris"])
    assert len(told) == 1 and ready.state() is State.SIGNED
    assert [line.name for line in read_chain(ready.paths.signoff_file, "2026.1").lines] == ["Ana", "Boris"]


def test_a_builder_nobody_knows_may_be_the_secretary(world: World, gate: FakeGate, people: People) -> None:
    world.ctx = replace(world.ctx, actor="root")
    world.prepare(people, signed=False)
    world.sign(people["Ana"])
    with pytest.raises(PolicyError, match="built by root, a name the plan does not know") as caught:
        world.sign(people["Boris"])
    assert caught.value.exit_code == 3 and "set CIRCULARITY_ACTOR" in str(caught.value)
    world.ctx = replace(world.ctx, actor="Ana")
    world.lock()
    world.build()
    world.check()
    world.candidate()
    world.sign(people["Ana"])
    world.sign(people["Boris"])
    assert world.state() is State.SIGNED


@pytest.mark.parametrize("verb", ["lock", "build", "check", "candidate"])
def test_no_verb_works_while_another_process_changes_the_release(ready: World, verb: str) -> None:
    before = hash_folder(ready.ctx.root / "releases" / "2026.1")
    with (
        hold_lock(ready.paths.verb_lock_file, "Boris", ready.now, "changing release 2026.1"),
        pytest.raises(StoreError, match="Boris .* has been changing release 2026.1"),
    ):
        getattr(ready, verb)()
    assert hash_folder(ready.ctx.root / "releases" / "2026.1") == before
