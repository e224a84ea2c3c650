"""publish believes nothing: every refusal has its exit code, and a refusal changes nothing."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connectors.errors import PolicyError
from connectors.store import Store
from orchestration.release.checksums import write_sums
from orchestration.release.code_identity import CodeIdentity
from orchestration.release.publish import publish_release
from orchestration.release.signoff_chain import SignOff
from orchestration.release.ssh import sign_bytes
from orchestration.release.state import State, load_state
from tests.faults.matrix import fault
from tests.release.conftest import FakeGate, Person, World, put_vintage
from tests.release.publishing import assert_refused, write_decision

People = dict[str, Person]


def test_all_is_well(signed: World) -> None:
    dry = publish_release(signed.ctx, now=signed.now)
    assert dry.exit_code == 0 and not signed.paths.published_dir.exists()
    assert "dry run" in dry.lines()[0]
    done = publish_release(signed.ctx, now=signed.now, execute=True)
    assert done.exit_code == 0 and done.is_executed
    folder = signed.paths.published_dir
    assert sorted(p.name for p in folder.iterdir()) == [
        "bundle",
        "lock.json",
        "publication.json",
        "signoff.jsonl",
    ]
    assert not any(p.stat().st_mode & 0o222 for p in [folder, *folder.rglob("*")])
    publication = json.loads((folder / "publication.json").read_text())
    assert publication["candidate_sha256"] == load_state(signed.paths).hashes["candidate"]
    assert publication["published_at"] == "2026-01-12T09:00:00Z"
    assert json.loads(signed.paths.latest_file.read_text())["release"] == "2026.1"
    assert signed.state() is State.PUBLISHED
    assert not signed.paths.publish_lock_file.exists()


def test_one_byte_changed_in_any_file_is_found(signed: World) -> None:
    files = sorted(p for p in signed.paths.bundle_dir.rglob("*") if p.is_file())
    assert len(files) >= 7
    for file in files:
        content = file.read_bytes()
        middle = len(content) // 2
        file.write_bytes(content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :])
        report = publish_release(signed.ctx, now=signed.now, execute=True)
        assert report.exit_code == 1, file.name
        file.write_bytes(content)
    assert publish_release(signed.ctx, now=signed.now).exit_code == 0


def test_a_missing_and_an_extra_file_are_found(signed: World) -> None:
    extra = signed.paths.bundle_dir / "notes.txt"
    extra.write_text("x")
    assert_refused(signed, 2, 1, "notes.txt is not listed")
    extra.unlink()
    (signed.paths.bundle_dir / "LICENSES.md").unlink()
    assert_refused(signed, 2, 1, "LICENSES.md is listed in SHA256SUMS and missing")


def test_rewritten_checksums_do_not_help_a_changed_file(signed: World) -> None:
    (signed.paths.bundle_dir / "LICENSES.md").write_text("Other terms\n")
    write_sums(signed.paths.bundle_dir)
    assert_refused(signed, 3, 1, "not the one of the recorded candidate")


def test_a_gate_report_of_other_data_is_found(signed: World) -> None:
    file = signed.paths.bundle_dir / "gate.json"
    report = json.loads(file.read_text())
    file.write_text(json.dumps({**report, "data_hash": "0" * 64}))
    assert_refused(signed, 3, 1, "The data hash is not the one in gate.json")


@fault("O16", "The gate is red")
def test_a_red_gate_blocks_before_there_is_a_candidate(world: World, gate: FakeGate, people: People) -> None:
    gate.verdict = "red"
    with pytest.raises(PolicyError, match="is checked: red: candidate cannot follow"):
        world.prepare(people)
    assert_refused(world, 4, 1, "The gate is red")


@fault("O16", "run again now, is red")
def test_a_gate_red_now_blocks_although_gate_json_is_green(
    signed: World, gate: FakeGate, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate.verdict = "red"
    monkeypatch.setattr("orchestration.release.check.run_gate", _with_reason(gate.run))
    assert_refused(signed, 4, 1, "run again now, is red")


def _with_reason(run: Callable) -> Callable:
    def with_reason(*args: object, **given: object) -> object:
        report = run(*args, **given)
        rule = {
            "gate": "G3",
            "levels": [1],
            "severity": "error",
            "waivable": True,
            "title": "Coverage",
            "plain": "p",
            "why": "w",
            "owner": "o",
            "verdict": "fail",
            "checks": [],
        }
        return type(report).model_validate({**report.model_dump(), "rules": [rule]})

    return with_reason


def test_other_rules_installed_than_judged_are_found(signed: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orchestration.release.publish_checks.suite_sha256", lambda: "f" * 64)
    assert_refused(signed, 5, 1, "rules are not those of this installation")


def test_other_code_installed_than_built_is_found(signed: World) -> None:
    signed.ctx = replace(signed.ctx, code=CodeIdentity(commit="b" * 40, dirty=False))
    assert_refused(signed, 5, 1, "The code that built it")


def test_a_validator_that_fails_now_is_found(signed: World, gate: FakeGate) -> None:
    gate.findings = ("The workbook prints 3 and the CSV 4.",)
    assert_refused(signed, 11, 1, "The workbook prints 3 and the CSV 4.")


@pytest.mark.parametrize("names", [[], ["Ana"], ["Boris"]], ids=["none", "statistician", "secretariat"])
def test_fewer_than_two_signatures(world: World, gate: FakeGate, people: People, names: list[str]) -> None:
    world.prepare(people, signed=False)
    for name in names:
        world.now = datetime(2026, 1, 10, 12, 0, tzinfo=UTC)
        world.sign(people[name])
    world.now = datetime(2026, 1, 12, 9, 0, tzinfo=UTC)
    assert_refused(world, 6, 3, "No valid sign-off as")


def _forge(world: World, change: Callable[[SignOff], SignOff], key: Path) -> None:
    """Replace the last line by one with other content, well chained and signed with `key`."""
    lines = world.paths.signoff_file.read_bytes().splitlines()
    forged = change(SignOff.model_validate_json(lines[-1]))
    forged = forged.model_copy(update={"signature": sign_bytes(forged.payload(), key)})
    content = b"".join(line + b"\n" for line in [*lines[:-1], forged.to_line()])
    world.paths.signoff_file.write_bytes(content)
    state = json.loads(world.paths.state_file.read_text())
    state["hashes"].pop("signoffs")
    world.paths.state_file.write_text(json.dumps(state))


def test_a_signature_by_a_key_not_in_the_plan(signed: World, people: People) -> None:
    _forge(signed, lambda line: line, people["Mallory"].key)
    assert_refused(signed, 6, 3, "made with a key that is not in the plan")


def test_a_signature_for_another_text(signed: World, people: People) -> None:
    lines = signed.paths.signoff_file.read_bytes().splitlines()
    first, last = (SignOff.model_validate_json(line) for line in lines)
    _forge(signed, lambda line: line, people["Boris"].key)
    changed = last.model_copy(update={"note": "fine"})
    signed.paths.signoff_file.write_bytes(lines[0] + b"\n" + changed.to_line() + b"\n")
    assert_refused(signed, 6, 1, "does not fit its text")


def test_the_same_person_twice_under_two_roles(world: World, gate: FakeGate, people: People) -> None:
    world.prepare(people)
    _forge(
        world,
        lambda line: line.model_copy(update={"name": "Ana", "principal": people["Ana"].principal}),
        people["Ana"].key,
    )
    assert_refused(world, 6, 3, "The plan does not name Ana as secretariat")


def test_a_stranger_in_the_chain(signed: World, people: People) -> None:
    mallory = people["Mallory"]
    _forge(
        signed,
        lambda line: line.model_copy(update={"name": mallory.name, "principal": mallory.principal}),
        mallory.key,
    )
    assert_refused(signed, 6, 3, "does not name Mallory")


def test_a_refusal_stands(world: World, gate: FakeGate, people: People) -> None:
    world.prepare(people, signed=False)
    world.now = datetime(2026, 1, 10, 12, 0, tzinfo=UTC)
    world.sign(people["Ana"])
    world.sign(people["Boris"], decision="refuse", note="not yet")
    world.now = datetime(2026, 1, 12, 9, 0, tzinfo=UTC)
    assert_refused(world, 6, 3, "Boris refused this candidate as secretariat: not yet")


def test_a_broken_chain(signed: World) -> None:
    file = signed.paths.signoff_file
    file.write_bytes(file.read_bytes().replace(b'"sequence":2', b'"sequence":3'))
    assert_refused(signed, 6, 1, "chain is broken")


def test_a_chain_cut_short(signed: World) -> None:
    file = signed.paths.signoff_file
    file.write_bytes(file.read_bytes().splitlines(keepends=True)[0])
    assert_refused(signed, 6, 1, "lines that were recorded are missing")


@fault("O10", "The embargo lasts until 2026-01-12 10:00:00 Europe/Zurich")
def test_one_second_before_the_embargo_and_at_it(signed: World) -> None:
    at = datetime(2026, 1, 12, 9, 0, 0, tzinfo=UTC)
    signed.now = at - timedelta(seconds=1)
    assert_refused(signed, 8, 3, "The embargo lasts until 2026-01-12 10:00:00 Europe/Zurich")
    for seconds in (0, 1):
        assert publish_release(signed.ctx, now=at + timedelta(seconds=seconds)).exit_code == 0


@pytest.mark.parametrize(
    ("local", "instant"),
    [
        (datetime(2026, 3, 28, 10, 0), datetime(2026, 3, 28, 9, 0, tzinfo=UTC)),
        (datetime(2026, 3, 29, 10, 0), datetime(2026, 3, 29, 8, 0, tzinfo=UTC)),
        (datetime(2026, 10, 24, 10, 0), datetime(2026, 10, 24, 8, 0, tzinfo=UTC)),
        (datetime(2026, 10, 25, 10, 0), datetime(2026, 10, 25, 9, 0, tzinfo=UTC)),
    ],
    ids=["day before spring change", "day of it", "day before autumn change", "day of it again"],
)
@fault("O10", "")
def test_the_embargo_across_a_change_of_clocks(
    world: World, gate: FakeGate, people: People, local: datetime, instant: datetime
) -> None:
    world.approve_licences()
    signatories = [people["Ana"].entry(), people["Boris"].entry()]
    world.plan(signatories=signatories, embargo={"local": local, "zone": "Europe/Zurich"})
    world.lock()
    world.build()
    world.check()
    world.candidate()
    world.sign(people["Ana"])
    world.sign(people["Boris"])
    early = publish_release(world.ctx, now=instant - timedelta(seconds=1))
    assert early.exit_code == 3 and "embargo" in early.lines()[1]
    assert publish_release(world.ctx, now=instant + timedelta(seconds=1)).exit_code == 0


@fault("O09", "before 2027-01-01T00:00:00Z, the time of step sign-off")
def test_a_clock_behind_a_recorded_time(signed: World) -> None:
    state = json.loads(signed.paths.state_file.read_text())
    state["history"][-1]["at"] = "2027-01-01T00:00:00Z"
    signed.paths.state_file.write_text(json.dumps(state))
    assert_refused(signed, 8, 3, "before 2027-01-01T00:00:00Z, the time of step sign-off")


def test_no_embargo_in_the_plan(world: World, gate: FakeGate, people: People) -> None:
    world.approve_licences()
    world.plan(signatories=[people["Ana"].entry(), people["Boris"].entry()])
    world.lock()
    world.build()
    world.check()
    world.candidate()
    world.sign(people["Ana"])
    world.sign(people["Boris"])
    assert_refused(world, 8, 3, "states no embargo")


def test_an_uncommitted_tree(world: World, gate: FakeGate, people: People) -> None:
    world.ctx = replace(world.ctx, code=CodeIdentity(commit="a" * 40, dirty=True))
    world.prepare(people)
    assert_refused(world, 1, 3, "built from an uncommitted tree")


def test_a_tree_made_dirty_after_the_build(signed: World) -> None:
    signed.ctx = replace(signed.ctx, code=CodeIdentity(commit="a" * 40, dirty=True))
    assert_refused(signed, 1, 3, "This installation is an uncommitted tree")


def test_illustrative_data_even_with_green_gate_and_two_signatures(
    world: World, gate: FakeGate, people: People
) -> None:
    root = world.ctx.root.parent / "sample"
    store = Store(root, illustrative=True)
    put_vintage(store, 1.5, "2026-01-01")
    paths = type(world.paths)(root, "sample-2026.1")
    sample = World(replace(world.ctx, paths=paths, illustrative=True), store)
    sample.prepare(people)
    assert sample.state() is State.SIGNED
    assert_refused(sample, 9, 3, "illustrative data, which are never published")


def test_an_expired_decision(world: World, gate: FakeGate, people: People) -> None:
    write_decision(world, expires="2026-01-11")
    world.prepare(people)
    assert_refused(world, 7, 3, "The acceptance g5.yaml expired on 2026-01-11")
    world.now = datetime(2026, 1, 11, 23, 59, 59, tzinfo=UTC)
    refusals = publish_release(world.ctx, now=world.now).refusals
    assert [r.check for r in refusals] == [8]


def test_a_decision_added_after_the_gate(signed: World) -> None:
    write_decision(signed)
    words = "Changed since the release was judged: a waiver, acceptance, approval or erratum"
    assert_refused(signed, 7, 3, words)


def test_a_missing_licence_approval(world: World, gate: FakeGate, people: People) -> None:
    world.plan(
        signatories=[people["Ana"].entry(), people["Boris"].entry()],
        embargo={"local": datetime(2026, 1, 12, 10, 0), "zone": "Europe/Zurich"},
    )
    world.lock()
    world.build()
    world.check()
    world.candidate()
    world.sign(people["Ana"])
    world.sign(people["Boris"])
    world.now = datetime(2026, 1, 12, 9, 0, tzinfo=UTC)
    assert_refused(world, 10, 3, "No licence approval of unsd/alpha is recorded")
